package io.pitstop.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A table without a key, of so many blocks that nobody would read all of them for a few, walked by the places of its rows. */
class RangeTest {
    private static final int BLOCKS = 50;

    private final TestDatabase server = TestDatabase.create()
            .execute(
                    "CREATE TABLE notes (n int, s smallint)",
                    "INSERT INTO notes SELECT g, g % 2 FROM generate_series(1, 100000) g",
                    "ANALYZE notes");
    private final boolean listed = TestDatabase.version() < 14;

    @Test
    void ranges_of_places_hold_every_row_once() throws SQLException {
        try (Connection session = server.connect()) {
            List<Long> rows = new ArrayList<>();
            for (Range range : ranges(listed)) {
                rows.addAll(numbers(session, range));
            }
            assertThat(rows).hasSize(100_000).doesNotHaveDuplicates();
            assertThat(numbers(session, ranges(true).get(1)))
                    .isEqualTo(numbers(session, ranges(false).get(1)));
        }
    }

    @Test
    void no_more_is_read_than_the_range() throws SQLException {
        try (Connection session = server.connect()) {
            for (Range range : ranges(listed)) {
                String sql = "EXPLAIN SELECT n FROM notes AS t WHERE " + range.condition();
                List<String> plan = Query.list(session, sql, row -> row.getString(1), range.values(1));
                assertThat(plan).as(range.toString()).anyMatch(line -> line.contains("Tid"));
                assertThat(plan).noneMatch(line -> line.contains("Seq Scan"));
            }
        }
    }

    private static List<Long> numbers(Connection session, Range range) throws SQLException {
        String sql = "SELECT n FROM notes AS t WHERE " + range.condition() + " ORDER BY n";
        return Query.list(session, sql, row -> row.getLong(1), range.values(1));
    }

    private List<Range> ranges(boolean listed) {
        long blocks = Long.parseLong(server.query("SELECT pg_relation_size('notes') / 8192"));
        List<Range> ranges = new ArrayList<>();
        for (long from = 0; from <= blocks; from += BLOCKS) {
            List<String> after = from == 0 ? List.of() : List.of("(" + from + ",0)");
            List<String> to = List.of("(" + (from + BLOCKS) + ",0)");
            ranges.add(new Range(List.of("t.ctid"), List.of("pg_catalog.tid"), after, to, listed));
        }
        return ranges;
    }
}
