package io.pitstop.draft;

import io.pitstop.draft.sql.Conversion;
import io.pitstop.draft.sql.Conversion.Manner;
import io.pitstop.draft.sql.Heir;
import io.pitstop.draft.sql.Mirror;
import io.pitstop.draft.sql.Side;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Table;
import io.pitstop.error.InvalidConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives a column another type, by way of a second column with a name of its own.
 *
 * @param using the new value as an expression over the old column; empty for a cast
 * @param back the old value as an expression over the new column; empty for a cast
 */
public record ChangeType(
        Table table, String column, String type, String into, Optional<String> using, Optional<String> back)
        implements Change {
    @Override
    public Draft draft() {
        table.requireOrdinary(List.of(column));
        table.requireNew(List.of(into));
        Column old = table.column(column);
        if (using.isEmpty()) {
            requireFaithful(old.type(), type, "--using");
        }
        if (back.isEmpty() && Conversion.turnsOnTheSession(type, old.type())) {
            requireFaithful(type, old.type(), "--back");
        }
        Column named = old.as(into);
        Conversion forward = using.map(Conversion::custom).orElseGet(() -> Conversion.cast(old, type));
        Conversion backward = back.map(Conversion::custom)
                .orElseGet(() -> Conversion.cast(new Column(named.name(), type), old.type()));
        boolean total = forward.manner() != Manner.FAILING;
        Column fresh = new Column(
                into,
                type,
                old.notNull() && total,
                old.byDefault().filter(value -> using.isEmpty()).map(value -> "(" + value + ")::" + type),
                false);
        Mirror mirror = new Mirror(
                table,
                into,
                table.name() + "." + column + " becomes " + into + ", of type " + type + ".",
                new Side(List.of(old), List.of(backward)),
                new Side(List.of(fresh), List.of(forward)));
        Heir heir = new Heir(table, old, fresh);
        return mirror.draft(heir.scripts(), losses(old, forward, backward), notes(heir, old, total));
    }

    /** A cast that loses nothing of which anybody would be told. */
    private void requireFaithful(String from, String to, String option) {
        if (Conversion.cuts(from, to)) {
            throw new InvalidConfig(
                    "A cast from " + from + " to " + to + " cuts what is longer, and nobody is told.",
                    "Say with " + option + " what becomes of it, 'left(" + column + ", 200)' for instance.");
        }
        if (Conversion.turnsOnTheSession(from, to)) {
            throw new InvalidConfig(
                    "A cast from " + from + " to " + to
                            + " depends on the time zone of the session: the application's may be"
                            + " another than the backfill's.",
                    "Name the zone with " + option + ", as in \"" + column + " AT TIME ZONE 'UTC'\".");
        }
    }

    private List<String> losses(Column old, Conversion forward, Conversion backward) {
        List<String> losses = new ArrayList<>();
        if (forward.manner() == Manner.FAILING) {
            losses.add("a value of " + column + " that is no " + type + " leaves " + into + " empty. Count them before"
                    + " contract: SELECT count(*) FROM " + table.sql() + " WHERE " + old.quoted() + " IS NOT NULL AND "
                    + new Column(into, type).quoted() + " IS NULL");
        }
        if (backward.manner() == Manner.FAILING || old.type().contains("(")) {
            losses.add("a value that version 2 writes to " + into + " and that is no " + old.type()
                    + (old.notNull()
                            ? " is refused, or cut, as long as " + column + " is there."
                            : " leaves " + column + " empty, or is cut there: version 1 does not see it."));
        }
        return losses;
    }

    private List<String> notes(Heir heir, Column old, boolean total) {
        List<String> notes = new ArrayList<>(heir.notes());
        if (old.notNull() && !total) {
            notes.add("NOT NULL was not drafted for " + into + ": not every value of " + column
                    + " may have one of type " + type + ".");
        }
        if (old.byDefault().isPresent() && using.isPresent()) {
            notes.add("The default " + old.byDefault().get() + " of " + column + " was not carried over to " + into
                    + ": set it in contract.");
        }
        return notes;
    }
}
