package io.pitstop.draft;

import io.pitstop.draft.sql.Template;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;

/** Gives a table another name; the old one stays as a view that can be written to, until contract. */
public record RenameTable(Table table, String to) implements Change {
    private static final String EXPAND =
            """
            -- Expand: @table@ gets the name @to@. The old name stays as a view that can be written to, so version 1 goes on as if
            -- nothing had happened: its INSERT, UPDATE, DELETE, RETURNING, ON CONFLICT and FOR UPDATE work on the view.
            -- TRUNCATE, COPY @table@ TO and foreign keys to it do not. Both in one transaction: nobody finds neither.
            ALTER TABLE @table@ RENAME TO @to@;
            CREATE VIEW @table@ AS SELECT @columns@ FROM @new@;
            @grants@
            """;

    @Override
    public Draft draft() {
        String columns =
                Identifier.list("", table.columns().stream().map(Column::name).toList());
        StringBuilder grants = new StringBuilder();
        table.grants().forEach(grant -> grants.append("GRANT ")
                .append(grant.formatted(table.sql()))
                .append(";\n"));
        String expand = Template.of(EXPAND)
                .put("columns", columns)
                .put("grants", grants.toString())
                .put("new", table.sibling(to))
                .put("to", Identifier.quoted(to))
                .put("table", table.sql())
                .toString();
        return new Draft.Builder()
                .script(Phase.EXPAND, to, expand)
                .script(
                        Phase.CONTRACT,
                        "drop_" + table.name(),
                        "-- Contract: version 1 is gone and nobody uses the old name any more.\nDROP VIEW "
                                + table.sql() + ";\n")
                .note(
                        "The view has the columns that the table has now: give it all of them with --columns, or draft with"
                                + " a database. The roles that may use the table need the same rights on the view.")
                .note(
                        "Row level security of the table does not see who uses the view: if it has some, write CREATE VIEW … WITH"
                                + " (security_invoker = true), which needs PostgreSQL 15, or leave the name.")
                .build();
    }
}
