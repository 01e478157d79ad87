package io.pitstop.draft.sql;

import io.pitstop.draft.Draft;
import io.pitstop.draft.Draft.Script;
import io.pitstop.draft.Phase;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Old and new columns of one table that say the same: a trigger fills the side that the writer did not touch.
 *
 * @param what the change in a few words, a part of all names
 * @param why for the head of the first script, as comment
 * @param before the columns that version 1 writes
 * @param after those that version 2 writes
 */
public record Mirror(Table table, String what, String why, Side before, Side after) {
    private static final String EXPAND =
            """
            @why@
            --
            -- Only additions, so version 1 goes on as if nothing had happened. Neither version writes both sides: a trigger
            -- fills the side that the writer did not touch. Columns, functions and trigger arrive in one transaction: a
            -- write between them would miss the trigger, and nobody would ever notice.
            @losses@

            @functions@

            CREATE FUNCTION @function@() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                by_version_1 boolean;
                by_version_2 boolean;
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    -- A default counts as not written, so that it cannot win against what the other version wrote.
                    by_version_2 := @insertedAfter@;
                    by_version_1 := @insertedBefore@;
                ELSE
                    by_version_1 := @changedBefore@;
                    by_version_2 := @changedAfter@;
                    @completion@
                END IF;

                -- Who writes both sides knows what he does. Who changes neither leaves them as they are, so a row that
                -- the backfill has not reached yet stays its business.
                IF by_version_2 AND NOT by_version_1 THEN
                    @backward@
                ELSIF NOT by_version_2 AND (by_version_1 OR TG_OP = 'INSERT') THEN
                    @forward@
                END IF;
                RETURN NEW;
            END $$;

            -- The strong lock on the table is held from here to the commit: two statements that touch only the catalog.
            ALTER TABLE @table@ @columns@;

            -- The columns are named because a trigger that runs at every UPDATE slows the backfill down. The backfill
            -- switches it off for its own sessions: it would write the old columns back from the new ones.
            -- Triggers run in the order of their names; this one has to see what the others made of the row.
            CREATE TRIGGER @trigger@
                BEFORE INSERT OR UPDATE OF @both@ ON @table@
                FOR EACH ROW
                WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                EXECUTE FUNCTION @function@();
            """;

    private static final String COMPLETION =
            """
            IF by_version_2 AND NOT by_version_1 AND @unfilled@ THEN
                -- The row still waits for the backfill: what version 2 did not write is not empty but unknown.
                @completions@
            END IF;
            """;

    private static final String FILL =
            """
            -- backfill: table=@table@ key=@keys@
            -- remaining: SELECT count(*) FROM @table@ WHERE @unfilled@
            -- same: SELECT @key@, @agreeing@ FROM @table@ WHERE @batch@
            --
            -- Only what is still empty: a value that is there was written by the application, and it is newer. If a row
            -- changes while this statement waits for it, PostgreSQL checks all these conditions again on the new row.
            UPDATE @table@ SET @settings@
            WHERE @batch@
              AND @unfilled@;
            """;

    private static final String CONTRACT =
            """
            -- Contract: version 1 is gone and nobody reads these columns any more.
            --
            -- Trigger and columns leave in one transaction: without the trigger nothing fills the old columns, without the
            -- columns the trigger would fail. Indexes and constraints leave with their columns.
            DROP TRIGGER @trigger@ ON @table@;
            @allow@
            ALTER TABLE @table@ @changes@;
            """;

    private static final String ALLOW =
            "-- pitstop:allow drop-column-with-index because finish has made the index anew for the new column";

    private static final String RESTORE =
            """
            -- backfill: table=@table@ key=@keys@
            -- remaining: SELECT count(*) FROM @table@ WHERE @differing@
            --
            -- Reverse, run by pitstop restore after the archive has given back what it knows: rows that were inserted or
            -- changed since the contract get their old columns from the new ones.
            @losses@
            UPDATE @table@ SET @settings@
            WHERE @batch@
              AND @differing@;
            """;

    /** Expand and backfill. */
    public List<Script> opening(List<String> losses) {
        return List.of(
                new Script(Phase.EXPAND, what, expand(losses)),
                new Script(
                        Phase.BACKFILL,
                        what,
                        fill(FILL)
                                .put("unfilled", after.unfilled(table, before))
                                .put("agreeing", agreeing())
                                .put("settings", after.settings(table, before))
                                .toString()));
    }

    /** Contract and the reverse. */
    public List<Script> closing(List<String> losses) {
        List<String> drops = new ArrayList<>(List.of("DROP FUNCTION " + function() + "();"));
        after.functions(table, before).keySet().forEach(name -> drops.add(drop(name, before)));
        before.functions(table, after).keySet().forEach(name -> drops.add(drop(name, after)));
        String differing = before.differing(table, after) + " AND " + after.differing(table, before);
        return List.of(
                new Script(Phase.CONTRACT, what, contract()),
                new Script(Phase.CONTRACT, Identifier.of("drop", what, "functions"), String.join("\n", drops)),
                new Script(
                        Phase.RESTORE,
                        what,
                        fill(RESTORE)
                                .put("differing", differing)
                                .put("losses", comments(losses))
                                .put("settings", before.settings(table, after))
                                .toString()));
    }

    private String expand(List<String> losses) {
        Map<String, String> functions = after.functions(table, before);
        functions.putAll(before.functions(table, after));
        String columns = after.columns().stream()
                .map(column -> "ADD COLUMN " + column.quoted() + " " + column.declared())
                .collect(Collectors.joining(", "));
        List<String> both = new ArrayList<>(before.names());
        both.addAll(after.names());
        String insertedBefore = before.inserted();
        if (before.hasVolatileDefault()) {
            insertedBefore = "NOT by_version_2"; // nobody can tell its default from a value that was written
        }
        return Template.of(EXPAND)
                .put("completion", completion())
                .put("why", Template.comment("Expand: " + why))
                .put("losses", comments(losses))
                .put("functions", String.join("\n", functions.values()))
                .put("insertedAfter", after.inserted())
                .put("insertedBefore", insertedBefore)
                .put("changedBefore", before.changed())
                .put("changedAfter", after.changed())
                .put("backward", before.assignments(table, after, "NEW."))
                .put("forward", after.assignments(table, before, "NEW."))
                .put("columns", columns)
                .put("both", Identifier.list("", both))
                .put("function", function())
                .put("trigger", trigger())
                .put("table", table.sql())
                .toString()
                .replace("\n\n\n", "\n\n");
    }

    /**
     * One way has to hold: where a way loses something, the other side was written and this one follows it. First the
     * one that is asked faster.
     */
    private String agreeing() {
        String forth = after.agreeing(table, before);
        String back = before.agreeing(table, after);
        boolean asItIs = Stream.of(before, after)
                .flatMap(side -> side.conversions().stream())
                .noneMatch(Conversion::needsFunction);
        boolean joins = before.columns().size() < after.columns().size();
        return asItIs ? forth : joins ? back + " OR " + forth : forth + " OR " + back;
    }

    private String completion() {
        return after.columns().size() == 1
                ? ""
                : Template.of(COMPLETION)
                        .put("unfilled", after.empty("OLD."))
                        .put("completions", after.completions(table, before, "OLD."))
                        .toString();
    }

    private String contract() {
        List<String> changes = new ArrayList<>();
        before.columns().forEach(column -> changes.add("DROP COLUMN " + column.quoted()));
        after.columns().forEach(column -> column.byDefault()
                .ifPresent(value -> changes.add("ALTER COLUMN " + column.quoted() + " SET DEFAULT " + value)));
        return Template.of(CONTRACT)
                .put("allow", inheritsIndexes() ? ALLOW : "")
                .put("trigger", trigger())
                .put("table", table.sql())
                .put("changes", String.join(", ", changes))
                .toString();
    }

    /** True if an index with further columns goes, and {@link Heir} has made it anew. */
    private boolean inheritsIndexes() {
        return before.columns().size() == 1
                && after.columns().size() == 1
                && table.indexes().stream()
                        .anyMatch(index -> index.plain()
                                && index.columns().size() > 1
                                && index.columns().contains(before.names().get(0)));
    }

    private Template fill(String text) {
        return Template.of(text)
                .put("table", table.sql())
                .put("keys", table.walkedKey())
                .put("key", table.keyOf(""))
                .put("batch", table.batch(""));
    }

    private static String drop(String function, Side from) {
        return "DROP FUNCTION " + function + "(" + Conversion.signature(from.columns()) + ");";
    }

    private String function() {
        return table.sibling(Identifier.of(table.name(), what, "dual_write"));
    }

    private String trigger() {
        return Identifier.quoted(table.lastTrigger(Identifier.of(table.name(), what, "dual_write")));
    }

    /** What a way loses, as comment; nothing if there is no loss. */
    static String comments(List<String> losses) {
        return losses.stream()
                .map(loss -> "--\n" + Template.comment("Loses: " + loss))
                .collect(Collectors.joining("\n"));
    }

    /** Draft of this mirror with what is made between backfill and contract. */
    public Draft draft(List<Script> finish, List<String> losses, List<String> notes) {
        Draft.Builder draft =
                new Draft.Builder().scripts(opening(losses)).scripts(finish).scripts(closing(losses));
        losses.forEach(draft::loss);
        notes.forEach(draft::note);
        table.obstacles(before.names()).forEach(draft::note);
        table.forerunners(before.names()).forEach(draft::note);
        return draft.build();
    }
}
