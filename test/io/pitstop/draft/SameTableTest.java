package io.pitstop.draft;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.draft.Writers.Application;
import io.pitstop.draft.table.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of columns within a table of users: random writes by both versions, before, during and after the backfill. */
class SameTableTest {
    private static final List<String> WORDS = List.of("'a'", "'b c'", "'d e f'", "'new'", "''");
    private static final List<String> NUMBERS = List.of("0", "7", "-3", "2147483647");

    @TempDir
    private Path folder;

    /**
     * @param schema between the columns id and note
     * @param differing a condition on rows whose two sides contradict each other
     */
    record Case(
            String name,
            String schema,
            Function<Table, Change> change,
            List<String> old,
            List<List<String>> oldValues,
            List<String> fresh,
            List<List<String>> freshValues,
            String differing) {
        Application version1() {
            return new TwoVersions("users", old, oldValues);
        }

        Application version2() {
            return new TwoVersions("users", fresh, freshValues);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "rename a column with a default",
                        "status text NOT NULL DEFAULT 'new'",
                        table -> new RenameColumn(table, "status", "state"),
                        List.of("status"),
                        List.of(WORDS),
                        List.of("state"),
                        List.of(WORDS),
                        "status IS DISTINCT FROM state"),
                new Case(
                        "rename a column of a table whose rows all share the first column of their key",
                        "tenant int NOT NULL DEFAULT 1, \"Id\" int DEFAULT 1, PRIMARY KEY (tenant, \"Id\", id), status text",
                        table -> new RenameColumn(table, "status", "state"),
                        List.of("status"),
                        List.of(WORDS),
                        List.of("state"),
                        List.of(WORDS),
                        "status IS DISTINCT FROM state"),
                new Case(
                        "rename a column with a name to quote",
                        "\"Odd name\" jsonb",
                        table -> new RenameColumn(table, "Odd name", "Even Name"),
                        List.of("\"Odd name\""),
                        List.of(List.of("'{}'", "'[1]'", "NULL")),
                        List.of("\"Even Name\""),
                        List.of(List.of("'{}'", "'[2]'")),
                        "\"Odd name\" IS DISTINCT FROM \"Even Name\""),
                new Case(
                        "split a column",
                        "name varchar(40) NOT NULL",
                        table -> new SplitColumn(table, "name", List.of("first_name", "last_name"), " "),
                        List.of("name"),
                        List.of(WORDS),
                        List.of("first_name", "last_name"),
                        List.of(List.of("'a'", "'b'"), List.of("'c d'", "'e'", "''")),
                        "name <> concat_ws(' ', first_name, NULLIF(last_name, '')) AND (first_name, last_name) IS DISTINCT"
                                + " FROM (split_part(name, ' ', 1), substr(name, length(split_part(name, ' ', 1)) + 2))"),
                new Case(
                        "merge columns",
                        "first_name text, last_name text",
                        table -> new MergeColumns(table, List.of("first_name", "last_name"), "name", " "),
                        List.of("first_name", "last_name"),
                        List.of(List.of("'a'", "'b'"), List.of("'c d'", "'e'", "''", "NULL")),
                        List.of("name"),
                        List.of(WORDS),
                        "name IS DISTINCT FROM concat_ws(' ', first_name, NULLIF(last_name, '')) AND (first_name, last_name)"
                                + " IS DISTINCT FROM (split_part(name, ' ', 1), substr(name, length(split_part(name, ' ', 1)) + 2))"),
                new Case(
                        "widen a number",
                        "points int NOT NULL DEFAULT 7",
                        table -> new ChangeType(table, "points", "bigint", "score", Optional.empty(), Optional.empty()),
                        List.of("points"),
                        List.of(NUMBERS),
                        List.of("score"),
                        List.of(NUMBERS),
                        "points <> score"),
                new Case(
                        "a text becomes a number",
                        "age text",
                        table -> new ChangeType(table, "age", "integer", "years", Optional.empty(), Optional.empty()),
                        List.of("age"),
                        List.of(List.of("'1'", "'x'", "'99999999999'", "NULL")),
                        List.of("years"),
                        List.of(List.of("3", "4")),
                        "years::text IS DISTINCT FROM age AND (years IS NOT NULL OR age ~ '^[0-9]{1,9}$')"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void both_versions_keep_what_they_write(Case change) throws Exception {
        String key = change.schema.contains("PRIMARY KEY") ? "NOT NULL UNIQUE" : "PRIMARY KEY";
        Rehearsal rehearsal =
                new Rehearsal(folder, "CREATE TABLE users (id bigint " + key + ", " + change.schema + ", note text);");
        try (Writers writers = new Writers(rehearsal.server, 1)) {
            writers.before(change.version1(), 600);
            rehearsal.draft(change.change.apply(rehearsal.table("users")));
            assertThat(rehearsal.check()).isEmpty();

            writers.begin(change.version1());
            rehearsal.expand();
            writers.end();
            writers.begin(TwoVersions.of(change.version1(), change.version2()));
            rehearsal.backfill();
            writers.end();
            assertThat(writers.written()).isGreaterThan(100);
            assertThat(writers.lost()).isEmpty();
            assertThat(differing(rehearsal, change)).isEqualTo("0");
            assertThat(rehearsal.differing()).isEmpty();

            writers.begin(TwoVersions.of(change.version1(), change.version2()));
            rehearsal.finish();
            writers.end();
            assertThat(writers.lost()).isEmpty();
            assertThat(differing(rehearsal, change)).isEqualTo("0");
            assertThat(rehearsal.differing()).isEmpty();

            writers.begin(change.version2());
            rehearsal.contract();
            writers.end();
            assertThat(writers.lost()).isEmpty();

            writers.begin(change.version2());
            assertThat(rehearsal.restore().problems()).isEmpty();
            writers.end();
            assertThat(writers.lost()).isEmpty();
            assertThat(differing(rehearsal, change)).isEqualTo("0");

            writers.begin(TwoVersions.of(change.version1(), change.version2())).end();
            assertThat(writers.lost()).isEmpty();
            assertThat(differing(rehearsal, change)).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_row_whose_sides_contradict_each_other_is_found(Case change) {
        Rehearsal rehearsal =
                new Rehearsal(folder, "CREATE TABLE users (id bigint PRIMARY KEY, " + change.schema + ", note text);");
        rehearsal.draft(change.change.apply(rehearsal.table("users")));
        rehearsal.expand();
        List<String> columns =
                Stream.of(change.old, change.fresh).flatMap(List::stream).toList();
        List<String> values = Stream.of(change.oldValues, change.freshValues)
                .flatMap(List::stream)
                .map(each -> each.get(0))
                .toList();
        List<String> others = Stream.of(change.oldValues, change.freshValues)
                .flatMap(List::stream)
                .map(each -> each.get(each.size() - 1))
                .toList();
        // Who writes both sides is left alone by the trigger.
        String insert = "INSERT INTO users (id, " + String.join(", ", columns) + ") VALUES ";
        rehearsal.server.execute(
                insert + "(1, " + String.join(", ", values) + ")",
                insert + "(2, " + String.join(", ", values.subList(0, change.old.size())) + ", "
                        + String.join(", ", others.subList(change.old.size(), others.size())) + ")");

        assertThat(rehearsal.differing()).contains("2");
    }

    private static String differing(Rehearsal rehearsal, Case change) {
        return rehearsal.server.query("SELECT count(*) FROM users WHERE " + change.differing);
    }
}
