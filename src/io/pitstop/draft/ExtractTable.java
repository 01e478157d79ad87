package io.pitstop.draft;

import io.pitstop.draft.sql.Extraction;
import io.pitstop.draft.sql.ExtractionBackfill;
import io.pitstop.draft.sql.Strictness;
import io.pitstop.draft.table.Column;
import io.pitstop.draft.table.Identifier;
import io.pitstop.draft.table.Table;
import io.pitstop.error.InvalidConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves columns into a table of their own, with one row for all that have the same identity: posts with their author's
 * name and email become posts and authors.
 *
 * @param columns old column to the column of the new table
 * @param by those of the old columns that tell one row of the new table from another
 * @param into the new table
 * @param reference the new column that points to it
 */
public record ExtractTable(Table table, Map<String, String> columns, List<String> by, String into, String reference)
        implements Change {
    public ExtractTable {
        columns = new LinkedHashMap<>(columns);
        by = List.copyOf(by);
        if (by.isEmpty() || !columns.keySet().containsAll(by)) {
            throw new InvalidConfig(
                    "The identity is by " + by + ", the columns are " + columns.keySet() + ".",
                    "Name with --by which of the columns tell one row of " + into + " from another.");
        }
        if (columns.containsValue("id")) {
            throw new InvalidConfig(
                    "A column is to be named id, which is the key of " + into + ".", "Give it another name.");
        }
    }

    @Override
    public Draft draft() {
        table.requireOrdinary(columns.keySet());
        table.requireNew(List.of(reference));
        Extraction extraction = new Extraction(table, columns, by, into, reference);
        ExtractionBackfill backfill = new ExtractionBackfill(extraction);
        Strictness strictness = new Strictness(table)
                .index(List.of(reference))
                .foreignKey(List.of(reference), table.sibling(into) + " (id)");
        if (by.stream().map(table::column).allMatch(Column::notNull)) {
            strictness.notNull(reference);
        }
        Draft.Builder draft = new Draft.Builder()
                .script(Phase.EXPAND, into, extraction.expand(losses()))
                .script(Phase.BACKFILL, into, backfill.rows())
                .script(Phase.BACKFILL, Identifier.of(table.name(), reference), backfill.references())
                .scripts(strictness.scripts())
                .script(Phase.CONTRACT, "drop_" + Identifier.of(table.name(), into), extraction.contract())
                .script(Phase.CONTRACT, "drop_" + Identifier.of(into, "follow"), extraction.dropFollow())
                .script(Phase.CONTRACT, "drop_" + Identifier.of(into, "functions"), extraction.dropFunctions())
                .script(Phase.RESTORE, Identifier.of(table.name(), into), backfill.reverse());
        losses().forEach(draft::loss);
        notes().forEach(draft::note);
        table.obstacles(columns.keySet()).forEach(draft::note);
        table.forerunners(columns.keySet()).forEach(draft::note);
        return draft.build();
    }

    private List<String> losses() {
        if (columns.size() == by.size()) {
            return List.of();
        }
        String others = String.join(
                " and ",
                columns.entrySet().stream()
                        .filter(column -> !by.contains(column.getKey()))
                        .map(Map.Entry::getValue)
                        .toList());
        return List.of("rows with the same " + String.join(" and ", by) + " could differ in " + others
                + ". From now on there is one, and what was written last wins; rows of " + table.name()
                + " that say otherwise keep their own until contract.");
    }

    private List<String> notes() {
        return List.of("Version 2 should insert into " + into + " and end that transaction before it writes to "
                + table.name() + ": the trigger locks in the other order.");
    }
}
