package io.pitstop.draft.sql;

import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * The triggers that keep a table and one that is extracted from it in step.
 *
 * @param columns old column to the column of the new table
 * @param by those of the old columns that are the identity
 * @param into name of the new table
 * @param reference the column that points to it
 */
public record Extraction(Table table, Map<String, String> columns, List<String> by, String into, String reference) {
    private static final String EXPAND =
            """
            @head@
            @losses@

            CREATE TABLE @into@ (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                @definitions@
            );@grants@

            -- The id of the row with this identity, which is created if there is none.
            --
            -- Applications lock a row of @table@ and then one of @into@. Here the order is kept by locking none that need
            -- not change: most calls find it by a plain SELECT. (INSERT ... ON CONFLICT DO UPDATE would lock it at every
            -- call.) A transaction of version 1 that brings in several new ones locks them in the order of its writes.
            CREATE FUNCTION @of@(@parameters@) RETURNS bigint LANGUAGE plpgsql AS $$
            DECLARE
                known record;
            BEGIN
                -- More than one turn only if somebody inserts the same row between our SELECT and our INSERT.
                FOR turn IN 1..10 LOOP
                    SELECT x.* INTO known FROM @into@ x WHERE @same@;
                    IF FOUND THEN
                        @change@
                        RETURN known.id;
                    END IF;
                    INSERT INTO @into@ AS x (@news@) VALUES (@wanted@)
                        ON CONFLICT DO NOTHING RETURNING x.* INTO known;
                    IF FOUND THEN
                        RETURN known.id;
                    END IF;
                END LOOP;
                RAISE EXCEPTION '@thing@ (@marks@) comes and goes', @wanted@;
            END $$;

            CREATE FUNCTION @dual@() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                by_version_1 boolean;
                by_version_2 boolean;
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    -- A default counts as not written, so that it cannot win against what the other version wrote.
                    by_version_2 := NEW.@reference@ IS NOT NULL;
                    by_version_1 := @inserted@;
                ELSE
                    by_version_1 := @changed@;
                    by_version_2 := NEW.@reference@ IS DISTINCT FROM OLD.@reference@;
                END IF;

                -- Who writes both sides knows what he does. Who changes neither leaves them as they are, so a row that
                -- the backfill has not reached yet stays its business.
                IF by_version_2 AND NOT by_version_1 THEN
                    SELECT @selected@ INTO @targets@ FROM @into@ x WHERE x.id = NEW.@reference@;
                    IF NOT FOUND AND NEW.@reference@ IS NOT NULL THEN
                        -- The foreign key that says this arrives only after the backfill.
                        RAISE foreign_key_violation USING MESSAGE = format('there is no @thing@ with id %s', NEW.@reference@);
                    END IF;
                ELSIF NOT by_version_2 AND (by_version_1 OR TG_OP = 'INSERT') THEN
                    IF @complete@ THEN
                        NEW.@reference@ := @of@(@newValues@);
                    ELSE
                        NEW.@reference@ := NULL; -- what is missing is for the NOT NULL of its column to refuse
                    END IF;
                END IF;
                RETURN NEW;
            END $$;

            -- What version 2 changes in place shows to version 1 as well. Only what it writes itself: what comes from
            -- version 1, by way of the function above, must not spread to other rows.
            CREATE FUNCTION @follow@() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE @table@ y SET @followed@
                WHERE y.@reference@ = NEW.id AND (@ofY@) IS DISTINCT FROM (@ofNew@);
                RETURN NULL;
            END $$;

            CREATE TRIGGER @followTrigger@
                AFTER UPDATE OF @news@ ON @into@
                FOR EACH ROW
                WHEN (pg_trigger_depth() = 0 AND current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                EXECUTE FUNCTION @follow@();

            -- The strong lock on @table@ is held from here to the commit: two statements that touch only the catalog.
            ALTER TABLE @table@ ADD COLUMN @reference@ bigint;

            -- The columns are named because a trigger that runs at every UPDATE halves the speed of the backfill. The
            -- backfill switches it off for its own sessions: it would write the old columns back from the new ones.
            -- Triggers run in the order of their names; this one has to see what the others made of the row.
            CREATE TRIGGER @trigger@
                BEFORE INSERT OR UPDATE OF @olds@, @reference@ ON @table@
                FOR EACH ROW
                WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                EXECUTE FUNCTION @dual@();
            """;

    private static final String CONTRACT =
            """
            -- Contract: version 1 is gone and nobody reads these columns any more.
            --
            -- Trigger and columns leave in one transaction. Without the trigger nothing fills the old columns, whose NOT NULL
            -- would then refuse every row of version 2; without the columns the trigger would fail. Indexes leave with them.
            DROP TRIGGER @trigger@ ON @table@;
            ALTER TABLE @table@ @drops@;
            """;

    /** Table, functions, column and triggers. */
    public String expand(List<String> losses) {
        List<String> others =
                columns.keySet().stream().filter(old -> !by.contains(old)).toList();
        return names(EXPAND)
                .put("losses", Mirror.comments(losses))
                .put("head", head())
                .put("definitions", definitions())
                .put("grants", grants())
                .put(
                        "parameters",
                        each(columns.keySet(), (old, fresh) -> wanted(fresh) + " " + parameterType(old), ", "))
                .put("same", each(by, (old, fresh) -> "x." + quoted(fresh) + " = " + wanted(fresh), " AND "))
                .put("change", change(others))
                .put("marks", columns.keySet().stream().map(old -> "%").collect(Collectors.joining(", ")))
                .put("wanted", each(columns.keySet(), (old, fresh) -> wanted(fresh), ", "))
                .put("inserted", inserted())
                .put("changed", side().changed())
                .put("selected", each(columns.keySet(), (old, fresh) -> "x." + quoted(fresh), ", "))
                .put("targets", each(columns.keySet(), (old, fresh) -> "NEW." + quoted(old), ", "))
                .put("complete", complete("NEW."))
                .put("newValues", each(columns.keySet(), (old, fresh) -> "NEW." + quoted(old), ", "))
                .put("followed", each(columns.keySet(), (old, fresh) -> quoted(old) + " = NEW." + quoted(fresh), ", "))
                .put("ofY", each(columns.keySet(), (old, fresh) -> "y." + quoted(old), ", "))
                .put("ofNew", each(columns.keySet(), (old, fresh) -> "NEW." + quoted(fresh), ", "))
                .put("news", Identifier.list("", columns.values()))
                .put("thing", thing())
                .toString();
    }

    /** Who writes to the old table writes to the new one too, as the triggers run with the rights of whoever fires them. */
    private String grants() {
        StringBuilder grants = new StringBuilder();
        for (String grant : table.grants()) {
            String[] parts = grant.split(" ON %s TO ", 2);
            boolean writes = parts[0].contains("INSERT") || parts[0].contains("UPDATE");
            if (writes || parts[0].contains("SELECT")) {
                grants.append("\nGRANT SELECT")
                        .append(writes ? ", INSERT, UPDATE" : "")
                        .append(" ON " + table.sibling(into) + " TO " + parts[1] + ";");
            }
        }
        return grants.toString();
    }

    public String contract() {
        return names(CONTRACT)
                .put("drops", each(columns.keySet(), (old, fresh) -> "DROP COLUMN " + quoted(old), ", "))
                .toString();
    }

    public String dropFollow() {
        return names(
                        "-- What version 2 changes in place concerns nobody else any more.\nDROP TRIGGER @followTrigger@ ON @into@;\n")
                .toString();
    }

    public String dropFunctions() {
        String types = columns.keySet().stream().map(this::parameterType).collect(Collectors.joining(", "));
        return names("DROP FUNCTION @dual@();\nDROP FUNCTION @follow@();\nDROP FUNCTION @of@(" + types + ");\n")
                .toString();
    }

    /** Says of a row that it has what the new table needs. */
    String complete(String row) {
        List<String> needed = new ArrayList<>(by);
        columns.keySet().stream()
                .filter(old -> !by.contains(old) && table.column(old).notNull())
                .forEach(needed::add);
        return each(needed, (old, fresh) -> row + quoted(old) + " IS NOT NULL", " AND ");
    }

    Template names(String text) {
        String dual = Identifier.of(table.name(), thing(), "dual_write");
        String follow = Identifier.of(table.name(), thing(), "follow");
        return Template.of(text)
                .put("dual", table.sibling(dual))
                .put("trigger", quoted(table.lastTrigger(dual)))
                .put("follow", table.sibling(follow))
                .put("followTrigger", quoted(Identifier.of("zz", follow)))
                .put("of", table.sibling(Identifier.of(thing(), "of")))
                .put("olds", Identifier.list("", columns.keySet()))
                .put("reference", quoted(reference))
                .put("into", table.sibling(into))
                .put("table", table.sql());
    }

    /** Joins a text for each of some old columns and its new one. */
    String each(Collection<String> olds, BinaryOperator<String> text, String between) {
        return olds.stream().map(old -> text.apply(old, columns.get(old))).collect(Collectors.joining(between));
    }

    private String head() {
        String olds = String.join(" and ", columns.keySet());
        return String.join(
                "\n--\n",
                Template.comment("Expand: " + olds + " of " + table.name() + " get a table of their own, " + into
                        + ". Only additions, so version 1 goes on as if nothing had happened."),
                Template.comment(
                        "Neither version writes both sides. Version 1 knows " + olds + ", version 2 knows " + reference
                                + "; a trigger fills the side that the writer did not touch. The column, its functions and its"
                                + " trigger arrive in one transaction: a write between them would miss the trigger, and nobody"
                                + " would ever notice."));
    }

    private String definitions() {
        String rows = columns.entrySet().stream()
                .map(column -> {
                    Column old = table.column(column.getKey());
                    boolean notNull = old.notNull() || by.contains(column.getKey());
                    return quoted(column.getValue()) + " " + old.declared() + (notNull ? " NOT NULL" : "");
                })
                .collect(Collectors.joining(",\n"));
        return rows + ",\nUNIQUE (" + each(by, (old, fresh) -> quoted(fresh), ", ") + ")";
    }

    private String change(List<String> others) {
        if (others.isEmpty()) {
            return "";
        }
        String differs =
                each(others, (old, fresh) -> "known." + quoted(fresh) + " IS DISTINCT FROM " + wanted(fresh), " OR ");
        String set = each(others, (old, fresh) -> quoted(fresh) + " = " + wanted(fresh), ", ");
        return "IF " + differs + " THEN\n    UPDATE " + table.sibling(into) + " x SET " + set
                + " WHERE x.id = known.id;\nEND IF;";
    }

    private String inserted() {
        return side().hasVolatileDefault() ? "NOT by_version_2" : side().inserted();
    }

    private Side side() {
        List<Column> olds = columns.keySet().stream().map(table::column).toList();
        return new Side(olds, olds.stream().map(Conversion::same).toList());
    }

    private String parameterType(String old) {
        return Conversion.bare(table.column(old).type());
    }

    String thing() {
        return reference.endsWith("_id") && reference.length() > 3
                ? reference.substring(0, reference.length() - 3)
                : into;
    }

    private static String wanted(String name) {
        return quoted("wanted_" + name);
    }

    private static String quoted(String name) {
        return Identifier.quoted(name);
    }
}
