package io.pitstop.draft.sql;

import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import java.util.List;

/**
 * The triggers that keep a column and its successor in another table in step.
 *
 * @param link the column of {@code target} that holds the primary key of {@code table}
 * @param to the successor
 */
public record Move(Table table, Column column, Table target, String link, String to) {
    private static final String COLUMN =
            """
            @head@
            @losses@

            -- From the old column to the new one. Without a condition on the value: the row has to be locked, so that a batch
            -- of the backfill does not fill it with what was there before.
            CREATE FUNCTION @forth@() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE @target@ y SET @to@ = NEW.@old@ WHERE y.@link@ = NEW.@key@;
                RETURN NULL;
            END $$;

            -- What a row of @target@ finds when it comes to a row of @table@, which is locked so that it stays true.
            CREATE FUNCTION @found@() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'INSERT' AND NEW.@to@ IS NULL
                   OR TG_OP = 'UPDATE' AND NEW.@link@ IS DISTINCT FROM OLD.@link@ AND @unchanged@ THEN
                    SELECT x.@old@ INTO NEW.@to@ FROM @table@ x WHERE x.@key@ = NEW.@link@ FOR NO KEY UPDATE;
                END IF;
                RETURN NEW;
            END $$;

            -- From the new column to the old one. It ends where the values agree, so the two do not call each other forever.
            CREATE FUNCTION @back@() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE @table@ x SET @old@ = NEW.@to@ WHERE x.@key@ = NEW.@link@ AND @differs@;
                RETURN NULL;
            END $$;

            ALTER TABLE @target@ ADD COLUMN @to@ @type@;
            """;

    private static final String FORTH =
            """
            -- Three scripts, as each holds a strong lock on one table only. What is written before all of them are there leaves
            -- the new column empty, which the backfill takes care of; hence this order.
            CREATE TRIGGER @forthTrigger@
                AFTER UPDATE OF @old@ ON @table@
                FOR EACH ROW
                WHEN (@changedOld@ AND current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                EXECUTE FUNCTION @forth@();
            """;

    private static final String BACK =
            """
            -- pitstop:allow trigger-apart-from-column because what misses it stays empty, and so is left to the backfill
            CREATE TRIGGER @foundTrigger@
                BEFORE INSERT OR UPDATE OF @link@, @to@ ON @target@
                FOR EACH ROW
                WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                EXECUTE FUNCTION @found@();

            -- pitstop:allow trigger-apart-from-column because version 2, whose writes it is for, is not there yet
            CREATE TRIGGER @backTrigger@
                AFTER INSERT OR UPDATE OF @link@, @to@ ON @target@
                FOR EACH ROW
                WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                EXECUTE FUNCTION @back@();
            """;

    private static final String BACKFILL =
            """
            -- backfill: table=@target@ key=@targetKey@
            -- remaining: SELECT count(*) FROM @target@ y JOIN @table@ x ON x.@key@ = y.@link@ WHERE @unfilled@
            -- same: SELECT y.@targetKey@, x.@key@ IS NULL OR @agree@ FROM @target@ y LEFT JOIN @table@ x ON x.@key@ = y.@link@ WHERE y.@targetKey@ BETWEEN :from AND :to
            --
            -- The rows of @table@ are locked first, in the order in which version 1 locks: without that, a value that is
            -- emptied in this moment would come back from the statement's own picture of the table.
            WITH source AS (
                SELECT x.@key@ AS source_key, x.@old@ AS source_value
                FROM @table@ x JOIN @target@ y ON x.@key@ = y.@link@
                WHERE y.@targetKey@ BETWEEN :from AND :to AND @unfilled@
                FOR SHARE OF x
            )
            UPDATE @target@ y SET @to@ = source_value
            FROM source
            WHERE y.@targetKey@ BETWEEN :from AND :to AND y.@link@ = source_key AND y.@to@ IS NULL;
            """;

    private static final String REVERSE =
            """
            -- backfill: table=@table@ key=@key@
            -- remaining: SELECT count(*) FROM @table@ x JOIN @target@ y ON x.@key@ = y.@link@ WHERE @disagree@
            --
            -- Reverse, run by pitstop restore after the archive has given back what it knows.
            UPDATE @table@ x SET @old@ = y.@to@
            FROM @target@ y
            WHERE x.@key@ BETWEEN :from AND :to AND x.@key@ = y.@link@ AND @disagree@;
            """;

    /** The functions and the column. */
    public String column(List<String> losses) {
        String why = "Expand: " + table.name() + "." + column.name() + " moves to " + target.name() + "." + to
                + ". Only additions, so version 1 goes on as if nothing had happened. Neither version writes both columns:"
                + " triggers carry over what one of them writes.";
        return names(COLUMN.replace("@head@", Template.comment(why)))
                .put("losses", Mirror.comments(losses))
                .put("type", column.declared())
                .toString();
    }

    /** The trigger of the old table. */
    public String forth() {
        return names(FORTH).toString();
    }

    /** The triggers of the new table. */
    public String back() {
        return names(BACK).toString();
    }

    public String backfill() {
        return names(BACKFILL).toString();
    }

    public String dropBack() {
        return names("-- Contract: version 1 is gone. These first, as they write to the column that goes next.\n"
                        + "DROP TRIGGER @backTrigger@ ON @target@;\nDROP TRIGGER @foundTrigger@ ON @target@;\n")
                .toString();
    }

    public String dropColumn() {
        return names("DROP TRIGGER @forthTrigger@ ON @table@;\nALTER TABLE @table@ DROP COLUMN @old@;\n")
                .toString();
    }

    public String dropFunctions() {
        return names("DROP FUNCTION @forth@();\nDROP FUNCTION @found@();\nDROP FUNCTION @back@();\n")
                .toString();
    }

    public String reverse() {
        return names(REVERSE).toString();
    }

    private Template names(String text) {
        Column fresh = column.as(to);
        String forth = Identifier.of(table.name(), column.name(), "forth");
        String found = Identifier.of(target.name(), to, "found");
        String back = Identifier.of(target.name(), to, "back");
        return Template.of(text)
                .put("unfilled", "y.@to@ IS NULL AND x.@old@ IS NOT NULL")
                .put("agree", column.in("x") + " IS NOT DISTINCT FROM " + fresh.in("y"))
                .put("disagree", column.in("x") + " IS DISTINCT FROM " + fresh.in("y"))
                .put("differs", column.in("x") + " IS DISTINCT FROM " + fresh.in("NEW"))
                .put("unchanged", fresh.in("NEW") + " IS NOT DISTINCT FROM " + fresh.in("OLD"))
                .put("changedOld", column.in("NEW") + " IS DISTINCT FROM " + column.in("OLD"))
                .put("forth", table.sibling(forth))
                .put("forthTrigger", Identifier.quoted(table.lastTrigger(forth)))
                .put("found", target.sibling(found))
                .put("foundTrigger", Identifier.quoted(target.lastTrigger(found)))
                .put("back", target.sibling(back))
                .put("backTrigger", Identifier.quoted(target.lastTrigger(back)))
                .put("table", table.sql())
                .put("target", target.sql())
                .put("key", Identifier.quoted(table.key().get(0)))
                .put("targetKey", Identifier.quoted(target.key().get(0)))
                .put("link", Identifier.quoted(link))
                .put("old", column.quoted())
                .put("to", Identifier.quoted(to));
    }
}
