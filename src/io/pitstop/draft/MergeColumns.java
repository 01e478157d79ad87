package io.pitstop.draft;

import io.pitstop.draft.sql.Mirror;
import io.pitstop.draft.sql.Pieces;
import io.pitstop.draft.sql.Side;
import io.pitstop.draft.sql.Strictness;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Table;
import java.util.List;
import java.util.Optional;

/** Joins columns of text into one, with a separator in between. */
public record MergeColumns(Table table, List<String> columns, String into, String separator) implements Change {
    public MergeColumns {
        columns = List.copyOf(columns);
    }

    @Override
    public Draft draft() {
        table.requireOrdinary(columns);
        table.requireNew(List.of(into));
        List<Column> old = columns.stream().map(table::column).toList();
        boolean notNull = old.stream().anyMatch(Column::notNull);
        Column fresh = new Column(into, "text", notNull, Optional.empty(), false);
        Pieces pieces = new Pieces(separator, fresh, old);
        Mirror mirror = new Mirror(
                table,
                into,
                table.name() + "." + String.join(", ", columns) + " are joined into " + into + ".",
                new Side(old, pieces.split()),
                new Side(List.of(fresh), List.of(pieces.whole())));
        Strictness strictness = new Strictness(table);
        if (notNull) {
            strictness.notNull(into);
        }
        return mirror.draft(
                strictness.scripts(),
                List.of("where a piece ends is not kept: what version 2 writes to " + into
                        + " is split at the first separators for version 1, and after a restore."),
                List.of());
    }
}
