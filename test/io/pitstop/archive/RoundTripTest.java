package io.pitstop.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas and rows made at random, contracted and restored. */
class RoundTripTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
    void what_contract_dropped_comes_back_as_it_was(long seed) {
        Vault vault = new Vault(folder);
        RandomSchema schema = begin(vault, seed, 300);
        Set<String> before = CatalogPicture.of(vault.server);
        Map<String, String> rows = rows(vault, schema);

        vault.contract();
        assertThat(CatalogPicture.of(vault.server)).isNotEqualTo(before);
        Restored restored = vault.restore();

        assertThat(restored.problems()).isEmpty();
        assertThat(restored.isComplete()).isTrue();
        assertThat(CatalogPicture.differences(before, CatalogPicture.of(vault.server)))
                .isEmpty();
        assertThat(differences(rows, rows(vault, schema))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void rows_that_exist_have_what_they_had_whatever_was_written_since(long seed) {
        Vault vault = new Vault(folder);
        RandomSchema schema = begin(vault, seed, 200);
        Map<String, String> rows = rows(vault, schema);
        vault.contract();
        vault.server.execute(
                "DELETE FROM t0 WHERE ctid IN (SELECT ctid FROM t0 ORDER BY k0 LIMIT 20)",
                "CREATE TABLE kept AS SELECT * FROM t0",
                "UPDATE t1 SET k0 = k0");

        Restored restored = vault.restore();

        Map<String, String> after = rows(vault, schema);
        assertThat(restored.problems()).isEmpty();
        assertThat(after.get("t2")).isEqualTo(rows.get("t2"));
        assertThat(after.get("t1")).isEqualTo(rows.get("t1"));
        assertThat(rows.get("t0").lines().toList())
                .containsAll(after.get("t0").lines().toList());
        assertThat(after.get("t0").lines().count()).isEqualTo(180);
    }

    private static RandomSchema begin(Vault vault, long seed, int rows) {
        RandomSchema schema = new RandomSchema(seed, rows);
        for (String role : List.of("vault_reader", "vault_owner")) {
            vault.server.execute(
                    "DO $$ BEGIN CREATE ROLE " + role + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        }
        vault.server.execute(schema.creation.toArray(new String[0]));
        schema.drop(vault);
        return schema;
    }

    /** Rows of {@code after} that {@code before} does not have. */
    private static List<String> differences(Map<String, String> before, Map<String, String> after) {
        List<String> differences = new ArrayList<>();
        after.forEach((table, lines) -> {
            Set<String> known = Set.of(before.get(table).split("\n"));
            lines.lines()
                    .filter(line -> !known.contains(line))
                    .limit(30)
                    .forEach(line -> differences.add(table + " " + line));
        });
        return differences;
    }

    /** Each table's rows as text, a line each; columns by name, since those that come back come last. */
    private static Map<String, String> rows(Vault vault, RandomSchema schema) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (RandomSchema.Table table : schema.tables) {
            List<String> columns = new ArrayList<>(List.of(table.key().split(", ")));
            columns.addAll(table.columns());
            String row = "ROW(" + String.join(", ", columns) + ")::text";
            rows.put(
                    table.name(),
                    vault.server.query(
                            "SELECT string_agg(" + row + ", E'\\n' ORDER BY " + row + ") FROM " + table.name()));
        }
        return rows;
    }
}
