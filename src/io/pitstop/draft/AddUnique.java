package io.pitstop.draft;

import io.pitstop.draft.sql.Strictness;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import java.util.List;

/** Lets no two rows have the same values in some columns. */
public record AddUnique(Table table, List<String> columns) implements Change {
    public AddUnique {
        columns = List.copyOf(columns);
    }

    @Override
    public Draft draft() {
        columns.forEach(table::column);
        String names = Identifier.list("", columns);
        return new Draft.Builder()
                .scripts(new Strictness(table).unique(columns, true).scripts())
                .note(
                        "From finish on, a duplicate is refused, from version 1 as well. Find those that are there, and mend"
                                + " them first: SELECT " + names + ", count(*) FROM " + table.sql() + " WHERE "
                                + String.join(
                                        " AND ",
                                        columns.stream()
                                                .map(column -> Identifier.quoted(column) + " IS NOT NULL")
                                                .toList())
                                + " GROUP BY " + names + " HAVING count(*) > 1")
                .build();
    }
}
