package io.pitstop.backfill.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.database.TestDatabase;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A walk must visit every row exactly once, whatever table, key and batch. */
class WalkTest {
    private static final int HEAP = 14;

    private final TestDatabase server = TestDatabase.create();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    table=t key=id         | id bigint PRIMARY KEY            | g::bigint * g - 5000
                    table=t key=id         | id smallint PRIMARY KEY          | g - 100
                    table=t key=id         | id text COLLATE "C" PRIMARY KEY  | concat('k', md5(g::text))
                    table=t key=id         | id text PRIMARY KEY              | concat(upper(md5(g::text)), ', "x"')
                    table=t key=id         | id uuid PRIMARY KEY              | md5(g::text)::uuid
                    table=t key=id         | id timestamptz PRIMARY KEY       | '2024-01-01'::timestamptz + g * interval '17 minutes'
                    table=t key=id         | id numeric(12,3) PRIMARY KEY     | g / 7.0
                    table=t key=a,id       | id int, a text, PRIMARY KEY (a, id) | g
                    table=t key=id         | id int, x int UNIQUE             | g
                    table=t walk=heap      | id int                           | g
                    table=t                | id int                           | g
                    table=t walk=key       | id int, a text, PRIMARY KEY (id, a) | g
                    """)
    void every_row_is_visited_once(String header, String columns, String id) throws Exception {
        assumeThatItCanBeWalked(header.equals("table=t") ? "walk=heap" : header);
        server.execute(
                "CREATE TABLE t (" + columns + (columns.contains(" a ") ? "" : ", a text")
                        + ", visits int NOT NULL DEFAULT 0)",
                "CREATE INDEX ON t (id)",
                "INSERT INTO t (id, a) SELECT " + id + ", CASE WHEN g < 900 THEN 'big' ELSE 'small ' || g END"
                        + " FROM generate_series(1, 1000) g",
                "DELETE FROM t WHERE a IN ('small 950', 'small 951')");

        assertThat(visit(header, 1, 3, 7, 100)).isGreaterThan(10);
        assertThat(server.query("SELECT min(visits) || ' ' || max(visits) || ' ' || count(*) FROM t"))
                .isEqualTo("1 1 998");
    }

    @Test
    void a_batch_has_as_many_rows_as_asked_for_whatever_the_gaps() throws Exception {
        server.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY)",
                "INSERT INTO t SELECT g FROM generate_series(1, 1000) g",
                "INSERT INTO t SELECT g * 1000000000::bigint FROM generate_series(1, 1000) g");
        try (Connection session = server.connect()) {
            Walk walk = walk("table=t key=id", session);
            Position last = walk.plan(session, Optional.empty()).get(0).last();

            Span first = walk.next(session, Optional.empty(), last, 700).orElseThrow();
            Span second = walk.next(session, Optional.of(first.to()), last, 700).orElseThrow();
            Span rest = walk.next(session, Optional.of(second.to()), last, 700).orElseThrow();

            assertThat(first).hasToString("keys 1 to 700");
            assertThat(second).hasToString("keys 701 to 400000000000");
            assertThat(rest.rows()).isEqualTo(600);
            assertThat(walk.next(session, Optional.of(rest.to()), last, 700)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"table=t key=id", "table=t walk=heap", "table=t key=a"})
    void a_large_table_is_cut_into_parts_of_about_the_same_size(String header) throws Exception {
        assumeThatItCanBeWalked(header);
        server.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, a text, filler text DEFAULT repeat('x', 60))",
                // Nine of ten rows have keys in the first thousandth of all keys.
                "INSERT INTO t SELECT CASE WHEN g % 10 > 0 THEN g ELSE g * 1000 END, md5(g::text)"
                        + " FROM generate_series(1, 800000) g ON CONFLICT DO NOTHING",
                "CREATE INDEX ON t (a)",
                "ANALYZE t");
        try (Connection session = server.connect()) {
            Walk walk = walk(header, session);
            List<Stretch> parts = walk.plan(session, Optional.empty());

            assertThat(parts).hasSizeBetween(3, 20);
            for (Stretch part : parts) {
                assertThat(count(session, walk, part))
                        .as(part.toString())
                        .isBetween(600_000 / parts.size() / 3L, 900_000 / parts.size() * 3L);
            }
        }
    }

    @Test
    void an_empty_table_has_no_parts() throws Exception {
        server.execute("CREATE TABLE t (id bigint PRIMARY KEY)");
        try (Connection session = server.connect()) {
            assertThat(walk("table=t key=id", session).plan(session, Optional.empty()))
                    .isEmpty();
            assumeThatItCanBeWalked("walk=heap");
            assertThat(walk("table=t walk=heap", session).plan(session, Optional.empty()))
                    .isEmpty();
        }
    }

    @Test
    void a_key_can_be_gone_on_from_in_the_middle() throws Exception {
        server.execute("CREATE TABLE t (id bigint PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 100)");
        try (Connection session = server.connect()) {
            Walk walk = walk("table=t key=id", session);
            Stretch part = walk.plan(session, Optional.of(Position.of("40"))).get(0);

            assertThat(walk.next(session, part.after(), part.last(), 10)).hasToString("Optional[keys 41 to 50]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    table=t key=b                 | t.b has no index
                    table=t key=c                 | t has no column c
                    table=t key=id,b              | t.id,b has no index
                    table=none walk=heap          | There is no table none
                    table=nokey walk=key          | nokey has no primary key
                    table=partitioned walk=heap   | partitioned has no heap of its own
                    table=v walk=heap             | v has no heap of its own
                    """)
    void what_cannot_be_walked_is_refused(String header, String message) throws Exception {
        server.execute(
                "CREATE TABLE t (id int PRIMARY KEY, b int)",
                "CREATE INDEX ON t (b) WHERE b > 0",
                "CREATE TABLE nokey (id int)",
                "CREATE TABLE partitioned (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE VIEW v AS SELECT * FROM t");
        try (Connection session = server.connect()) {
            assertThatThrownBy(() -> walk(header, session))
                    .isInstanceOf(InvalidConfig.class)
                    .hasMessageContaining("B1__t.sql: ")
                    .hasMessageContaining(message);
        }
    }

    @Test
    void a_server_before_version_14_walks_the_key_and_says_why_it_does_not_walk_the_heap() throws Exception {
        Assumptions.assumeTrue(TestDatabase.version() < HEAP, "this server can walk the heap");
        server.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (Connection session = server.connect()) {
            assertThat(walk("table=t", session).columns()).containsExactly("id");
            assertThatThrownBy(() -> walk("table=t walk=heap", session))
                    .isInstanceOfSatisfying(InvalidConfig.class, refusal -> assertThat(refusal.hint())
                            .contains("key=<column>", "PostgreSQL 14"));
        }
    }

    @Test
    void a_partitioned_table_is_walked_along_its_key() throws Exception {
        server.execute(
                "CREATE TABLE t (id int PRIMARY KEY, visits int NOT NULL DEFAULT 0) PARTITION BY HASH (id)",
                "CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO t SELECT generate_series(1, 500)");

        visit("table=t", 50);

        assertThat(server.query("SELECT count(*) FROM t WHERE visits = 1")).isEqualTo("500");
    }

    /** Visits all rows in batches of the sizes given, in turn; returns the number of batches. */
    private int visit(String header, int... sizes) throws SQLException, IOException {
        try (Connection session = server.connect()) {
            Walk walk = walk(header, session);
            // A new version of a row may lie before the walk along the heap: it is conditioned as a backfill should be.
            String once = walk.columns().contains("ctid") ? " AND visits = 0" : "";
            String sql = file(header).statements(walk.columns()).get(0).sql() + once;
            int batches = 0;
            for (Stretch part : walk.plan(session, Optional.empty())) {
                Optional<Position> at = part.after();
                Optional<Span> next = walk.next(session, at, part.last(), sizes[0]);
                while (next.isPresent()) {
                    try (PreparedStatement batch = session.prepareStatement(sql)) {
                        bind(batch, walk, next.get().from(), next.get().to());
                        batch.executeUpdate();
                    }
                    at = Optional.of(next.get().to());
                    next = walk.next(session, at, part.last(), sizes[++batches % sizes.length]);
                }
            }
            return batches;
        }
    }

    private static void bind(PreparedStatement batch, Walk walk, Position from, Position to) throws SQLException {
        int parameter = 1;
        for (Position end : List.of(from, to)) {
            for (int i = 0; i < walk.columns().size(); i++) {
                walk.bind(batch, parameter++, end, i);
            }
        }
    }

    private static long count(Connection session, Walk walk, Stretch part) throws SQLException {
        String columns = String.join(", ", walk.columns());
        List<String> conditions = new ArrayList<>(List.of("(" + columns + ") <= (?)"));
        part.after().ifPresent(after -> conditions.add("(" + columns + ") > (?)"));
        String sql = "SELECT count(*) FROM " + walk.table() + " WHERE " + String.join(" AND ", conditions);
        try (PreparedStatement query = session.prepareStatement(sql)) {
            walk.bind(query, 1, part.last(), 0);
            if (part.after().isPresent()) {
                walk.bind(query, 2, part.after().get(), 0);
            }
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void assumeThatItCanBeWalked(String header) {
        if (header.endsWith("walk=heap")) {
            TestDatabase.assumeAtLeast(HEAP, "ranges of places in a table's file");
        }
    }

    private Walk walk(String header, Connection session) throws SQLException, IOException {
        return Walks.of(file(header), session);
    }

    private BackfillFile file(String header) throws IOException {
        return BackfillFile.read(Files.writeString(
                folder.resolve("B1__t.sql"),
                "-- backfill: " + header + "\n-- remaining: SELECT count(*) FROM t WHERE visits = 0\n"
                        + "UPDATE t SET visits = visits + 1 WHERE :batch"));
    }
}
