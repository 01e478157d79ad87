package io.pitstop.draft;

import io.pitstop.draft.sql.Heir;
import io.pitstop.draft.sql.Move;
import io.pitstop.draft.sql.Strictness;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Index;
import io.pitstop.draft.table.Table;
import io.pitstop.error.InvalidConfig;
import java.util.List;

/**
 * Moves a column to another table that has at most one row for each of this one.
 *
 * @param target the other table
 * @param link its column that holds the primary key of {@code table}
 * @param to name of the column there
 */
public record MoveColumn(Table table, String column, Table target, String link, String to) implements Change {
    @Override
    public Draft draft() {
        table.requireOrdinary(List.of(column));
        target.requireNew(List.of(to));
        target.column(link);
        if (table.key().size() != 1) {
            throw new InvalidConfig(
                    "The primary key of " + table.name() + " has the columns " + table.key() + ".",
                    "Write this change by hand: " + link + " cannot hold all of them.");
        }
        Move move = new Move(table, table.column(column), target, link, to);
        Draft.Builder draft = new Draft.Builder()
                .script(Phase.EXPAND, Identifier.of(target.name(), to), move.column(losses()))
                .script(Phase.EXPAND, Identifier.of(table.name(), column, "forth"), move.forth())
                .script(Phase.EXPAND, Identifier.of(target.name(), to, "back"), move.back())
                .script(Phase.BACKFILL, Identifier.of(target.name(), to), move.backfill());
        table.indexes().stream()
                .filter(index -> index.isOf(table.column(column)))
                .forEach(index -> inherit(index, draft));
        draft.script(Phase.CONTRACT, Identifier.of("drop", target.name(), to, "back"), move.dropBack())
                .script(Phase.CONTRACT, Identifier.of("drop", table.name(), column), move.dropColumn())
                .script(Phase.CONTRACT, Identifier.of("drop", table.name(), column, "functions"), move.dropFunctions())
                .script(Phase.RESTORE, Identifier.of(table.name(), column), move.reverse());
        losses().forEach(draft::loss);
        table.obstacles(List.of(column)).forEach(draft::note);
        table.forerunners(List.of(column)).forEach(draft::note);
        return draft.note("A row of " + target.name() + " should be the only one with its " + link
                        + "; where there are more, they all get what was written last to one of them.")
                .note(
                        "The versions lock the two tables in opposite order: a row that both write in the same moment may end"
                                + " one of the two in a deadlock (40P01), which the application has to repeat.")
                .build();
    }

    private void inherit(Index index, Draft.Builder draft) {
        Strictness strictness = new Strictness(target);
        if (!index.plain() || index.columns().size() > 1) {
            draft.note(Heir.notMadeAnew(column, index.definition(), to));
        } else if (index.unique()) {
            draft.scripts(strictness.unique(List.of(to), index.constraint()).scripts());
        } else {
            draft.scripts(strictness.index(List.of(to)).scripts());
        }
    }

    private List<String> losses() {
        return List.of(
                "a " + column + " of a row without one in " + target.name() + " has no place there; a row that comes"
                        + " later takes it over, as long as " + table.name() + "." + column + " is there.");
    }
}
