package io.pitstop.draft;

import io.pitstop.draft.sql.Conversion;
import io.pitstop.draft.sql.Heir;
import io.pitstop.draft.sql.Mirror;
import io.pitstop.draft.sql.Side;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Table;
import java.util.List;

/** Gives a column another name, by way of a second column. */
public record RenameColumn(Table table, String from, String to) implements Change {
    @Override
    public Draft draft() {
        table.requireOrdinary(List.of(from));
        table.requireNew(List.of(to));
        Column old = table.column(from);
        Column fresh = new Column(to, old.type(), old.collation(), old.notNull(), old.byDefault(), false);
        Mirror mirror = new Mirror(
                table,
                to,
                table.name() + "." + from + " gets the name " + to + ".",
                new Side(List.of(old), List.of(Conversion.same(fresh))),
                new Side(List.of(fresh), List.of(Conversion.same(old))));
        Heir heir = new Heir(table, old, fresh);
        return mirror.draft(heir.scripts(), List.of(), heir.notes());
    }
}
