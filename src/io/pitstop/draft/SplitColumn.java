package io.pitstop.draft;

import io.pitstop.draft.sql.Mirror;
import io.pitstop.draft.sql.Pieces;
import io.pitstop.draft.sql.Side;
import io.pitstop.draft.sql.Strictness;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Table;
import java.util.List;
import java.util.Optional;

/** Splits a column of text at a separator into several; the last one gets what is left. */
public record SplitColumn(Table table, String column, List<String> into, String separator) implements Change {
    public SplitColumn {
        into = List.copyOf(into);
    }

    @Override
    public Draft draft() {
        table.requireOrdinary(List.of(column));
        table.requireNew(into);
        Column old = table.column(column);
        List<Column> fresh = into.stream()
                .map(name -> new Column(name, "text", old.notNull(), Optional.empty(), false))
                .toList();
        Pieces pieces = new Pieces(separator, old, fresh);
        String what = String.join("_", into);
        Mirror mirror = new Mirror(
                table,
                what,
                table.name() + "." + column + " is split into " + String.join(", ", into) + ".",
                new Side(List.of(old), List.of(pieces.whole())),
                new Side(fresh, pieces.split()));
        Strictness strictness = new Strictness(table);
        fresh.stream().filter(Column::notNull).forEach(each -> strictness.notNull(each.name()));
        return mirror.draft(
                strictness.scripts(),
                List.of("a piece that holds the separator itself is split elsewhere on the way back and forth;"
                        + " version 1 sees what version 2 wrote joined, so a separator more or less is not kept."),
                List.of());
    }
}
