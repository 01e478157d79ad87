package io.pitstop.draft.sql;

import io.pitstop.draft.table.Identifier;
import java.util.List;
import java.util.Set;

/** What fills the rows that were there before the triggers of an extraction, and after a restore. */
public record ExtractionBackfill(Extraction extraction) {
    private static final String ROWS =
            """
            -- backfill: table=@table@ key=@keys@
            -- remaining: SELECT count(*) FROM @table@ y WHERE @pending@ AND NOT EXISTS (SELECT 1 FROM @into@ x WHERE @same@)
            -- same: nothing, because who compares @table@ by way of @reference@ sees these rows too
            --
            -- The rows of @into@ come first, in a pass of their own. Whoever writes to @table@ locks a row of it and then,
            -- perhaps, one of @into@; these batches lock none of @table@ and the next pass locks none of @into@, so nobody
            -- waits for each other in a circle.
            --
            -- Only rows that are missing: that is asked much faster than a row is tried and not inserted.
            -- Sorted, so that two workers insert the rows that they share in the same order. DO NOTHING, because one that is
            -- there already was written by somebody who knew better than an old row.
            INSERT INTO @into@ (@news@)
            SELECT DISTINCT ON (@identity@) @olds@
            FROM @table@ y
            WHERE @batch@ AND @pending@
              AND NOT EXISTS (SELECT 1 FROM @into@ x WHERE @same@)
            ORDER BY @identity@, y.@key@ DESC
            ON CONFLICT (@unique@) DO NOTHING;
            """;

    private static final String REFERENCES =
            """
            -- backfill: table=@table@ key=@keys@
            -- remaining: SELECT count(*) FROM @table@ y WHERE @pending@
            -- same: SELECT y.@key@, @agreeing@ FROM @table@ y LEFT JOIN @into@ x ON x.id = y.@reference@ WHERE y.@key@ BETWEEN :from AND :to
            --
            -- Only what is still empty: a value that is there was written by the application, and it is newer. If a row
            -- changes while this statement waits for it, PostgreSQL checks all these conditions again on the new row.
            UPDATE @table@ y
            SET @reference@ = x.id
            FROM @into@ x
            WHERE @batch@ AND @pending@ AND @same@;
            """;

    private static final String REVERSE =
            """
            -- backfill: table=@table@ key=@keys@
            -- remaining: SELECT count(*) FROM @table@ y JOIN @into@ x ON x.id = y.@reference@ WHERE @differs@
            --
            -- Reverse, run by pitstop restore after the archive has given back what it knows: rows that were inserted since
            -- the contract, or whose @thing@ says otherwise by now, get their old columns from the new table.
            UPDATE @table@ y
            SET @settings@
            FROM @into@ x
            WHERE @batch@ AND x.id = y.@reference@
              AND @differs@;
            """;

    public String rows() {
        return fill(ROWS);
    }

    public String references() {
        return fill(REFERENCES);
    }

    public String reverse() {
        return fill(REVERSE);
    }

    private String fill(String text) {
        List<String> by = extraction.by();
        Set<String> olds = extraction.columns().keySet();
        String differs = extraction.each(olds, (old, fresh) -> "y." + q(old), ", ");
        String from = extraction.each(olds, (old, fresh) -> "x." + q(fresh), ", ");
        return extraction
                .names(Template.of(text)
                        .put("pending", "y.@reference@ IS NULL" + pending())
                        .put("olds", extraction.each(olds, (old, fresh) -> "y." + q(old), ", "))
                        .toString())
                .put("same", extraction.each(by, (old, fresh) -> "x." + q(fresh) + " = y." + q(old), " AND "))
                .put("agreeing", agreeing())
                .put("identity", extraction.each(by, (old, fresh) -> "y." + q(old), ", "))
                .put("unique", extraction.each(by, (old, fresh) -> q(fresh), ", "))
                .put("news", Identifier.list("", extraction.columns().values()))
                .put("settings", extraction.each(olds, (old, fresh) -> q(old) + " = x." + q(fresh), ", "))
                .put("differs", "(" + differs + ") IS DISTINCT FROM (" + from + ")")
                .put("thing", extraction.thing())
                .put("reference", q(extraction.reference()))
                .put("keys", extraction.table().walkedKey())
                .put("batch", extraction.table().batch("y"))
                .put("key", q(extraction.table().key().get(0)))
                .toString();
    }

    /** Empty if every row is complete anyway. */
    private String pending() {
        return isAlwaysComplete() ? "" : " AND " + extraction.complete("y.");
    }

    /** By the identity alone: rows of the same one may differ in the rest until contract. */
    private String agreeing() {
        String identity = extraction.each(
                extraction.by(), (old, fresh) -> "y." + q(old) + " IS NOT DISTINCT FROM x." + q(fresh), " AND ");
        return isAlwaysComplete()
                ? identity
                : "CASE WHEN y." + q(extraction.reference()) + " IS NULL THEN NOT (" + extraction.complete("y.")
                        + ") ELSE " + identity + " END";
    }

    private boolean isAlwaysComplete() {
        return extraction.by().stream()
                .allMatch(old -> extraction.table().column(old).notNull());
    }

    private static String q(String name) {
        return Identifier.quoted(name);
    }
}
