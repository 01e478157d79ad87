package io.pitstop.draft.sql;

import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;

/** A value for what a version leaves empty: by a trigger for new rows, by the backfill for old ones. */
public record Filler(Table table, Column column, String value) {
    private static final String EXPAND =
            """
            @head@
            CREATE FUNCTION @function@() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.@column@ := @value@;
                RETURN NEW;
            END $$;

            -- Triggers run in the order of their names; this one has to see what the others made of the row.
            CREATE TRIGGER @trigger@
                BEFORE INSERT OR UPDATE OF @column@ ON @table@
                FOR EACH ROW
                WHEN (NEW.@column@ IS NULL AND current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                EXECUTE FUNCTION @function@();
            """;

    private static final String BACKFILL =
            """
            -- backfill: table=@table@ key=@keys@
            -- remaining: SELECT count(*) FROM @table@ WHERE @column@ IS NULL
            -- same: nothing, because both versions have the same column
            UPDATE @table@ SET @column@ = @value@
            WHERE @batch@ AND @column@ IS NULL;
            """;

    public String expand() {
        return names(EXPAND)
                .put(
                        "head",
                        Template.comment("Expand: " + table.name() + "." + column.name()
                                + " is not left empty any more. Whoever does, as version 1 may, gets a value."))
                .toString();
    }

    public String backfill() {
        return names(BACKFILL).toString();
    }

    public String contract() {
        return names("-- Contract: version 1 is gone; who leaves the column empty now is refused.\n"
                        + "DROP TRIGGER @trigger@ ON @table@;\n")
                .toString();
    }

    public String dropFunction() {
        return names("DROP FUNCTION @function@();\n").toString();
    }

    private Template names(String text) {
        String name = Identifier.of(table.name(), column.name(), "filler");
        return Template.of(text)
                .put("function", table.sibling(name))
                .put("trigger", Identifier.quoted(table.lastTrigger(name)))
                .put("table", table.sql())
                .put("keys", table.walkedKey())
                .put("batch", table.batch(""))
                .put("column", column.quoted())
                .put("value", value);
    }
}
