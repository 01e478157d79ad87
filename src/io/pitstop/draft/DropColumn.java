package io.pitstop.draft;

import io.pitstop.draft.sql.Template;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import io.pitstop.error.InvalidConfig;
import java.util.List;
import java.util.Optional;

/**
 * Drops a column that version 2 does not know.
 *
 * @param fill what version 1 finds in rows of version 2, an expression without columns; needed if the column is NOT NULL
 *     without a default
 */
public record DropColumn(Table table, String column, Optional<String> fill) implements Change {
    private static final String EXPAND =
            """
            -- Expand: version 2 does not know @column@, which is NOT NULL. Its rows get this for version 1, which itself gives
            -- every row a value.
            -- pitstop:allow change-default because there was none, so version 1 never leaves the column to it
            ALTER TABLE @table@ ALTER COLUMN @column@ SET DEFAULT @fill@;
            """;

    private static final String CONTRACT =
            """
            -- Contract: version 1 is gone and nobody reads the column any more. Its indexes and constraints leave with it.
            ALTER TABLE @table@ DROP COLUMN @column@;
            """;

    private static final String RESTORE =
            """
            -- backfill: table=@table@ key=@keys@
            -- remaining: SELECT count(*) FROM @table@ WHERE @column@ IS NULL
            --
            -- Run by pitstop restore after the archive has given back what it knows: rows that were inserted since the contract.
            UPDATE @table@ SET @column@ = @fill@
            WHERE @batch@ AND @column@ IS NULL;
            """;

    @Override
    public Draft draft() {
        Column old = table.column(column);
        boolean needsFill = old.notNull() && old.byDefault().isEmpty() && !old.computed();
        if (needsFill && fill.isEmpty()) {
            throw new InvalidConfig(
                    table.name() + "." + column
                            + " is NOT NULL without a default, so every insert of version 2 would fail.",
                    "Say with --fill what version 1 finds in rows of version 2.");
        }
        Draft.Builder draft = new Draft.Builder();
        if (needsFill) {
            draft.script(Phase.EXPAND, Identifier.of(column, "default"), sql(EXPAND));
        }
        draft.script(Phase.CONTRACT, Identifier.of("drop", table.name(), column), sql(CONTRACT));
        if (needsFill) {
            draft.script(Phase.RESTORE, Identifier.of(table.name(), column), sql(RESTORE));
        }
        table.obstacles(List.of(column)).forEach(draft::note);
        return draft.loss("what version 1 would have written to " + column + " in rows of version 2: they get "
                        + (needsFill ? fill.get() : old.byDefault().orElse("NULL")) + ", after a restore too.")
                .build();
    }

    private String sql(String text) {
        return Template.of(text)
                .put("table", table.sql())
                .put("keys", table.walkedKey())
                .put("batch", table.batch(""))
                .put("column", Identifier.quoted(column))
                .put("fill", fill.orElse("NULL"))
                .toString();
    }
}
