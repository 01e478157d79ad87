package io.pitstop.draft;

import io.pitstop.draft.Draft.Script;
import io.pitstop.draft.sql.Filler;
import io.pitstop.draft.sql.Strictness;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Table;
import io.pitstop.error.InvalidConfig;
import java.util.List;
import java.util.Optional;

/**
 * Demands a value of a column.
 *
 * @param fill what stands in for a missing value, an expression without columns; empty if neither version leaves the
 *     column empty any more
 */
public record AddNotNull(Table table, String column, Optional<String> fill) implements Change {
    @Override
    public Draft draft() {
        Column old = table.column(column);
        if (old.notNull()) {
            throw new InvalidConfig(table.name() + "." + column + " is NOT NULL already.", "Name another column.");
        }
        Draft.Builder draft = new Draft.Builder();
        List<Script> finish = new Strictness(table).notNull(column).scripts();
        if (fill.isPresent()) {
            Filler filler = new Filler(table, old, fill.get());
            draft.script(Phase.EXPAND, column, filler.expand())
                    .script(Phase.BACKFILL, column, filler.backfill())
                    .scripts(finish)
                    .script(Phase.CONTRACT, "drop_" + column + "_filler", filler.contract())
                    .script(Phase.CONTRACT, "drop_" + column + "_filler_function", filler.dropFunction())
                    .loss("which rows had no " + column + ": they get " + fill.get()
                            + ", from version 1 as well, and no way leads back.");
        } else {
            draft.scripts(finish)
                    .note("From finish on, an empty " + column
                            + " is refused, from version 1 as well. Count what is left: " + "SELECT count(*) FROM "
                            + table.sql() + " WHERE " + old.quoted() + " IS NULL");
        }
        return draft.build();
    }
}
