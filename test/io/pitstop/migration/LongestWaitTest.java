package io.pitstop.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.database.TestDatabase;
import io.pitstop.database.Traffic;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A blog that reads and writes posts and authors all the time, a report that reads them for a long time in one
 * transaction, and a script of each class of DDL, with a lock timeout of 200 ms.
 */
class LongestWaitTest {
    private static final long LOCK_TIMEOUT_MS = 200;
    private static final long NOISE_MS = 150;
    private static final long REPORT_MS = 600;

    static Stream<String> classes() {
        return Stream.of(
                "ALTER TABLE posts ADD COLUMN age int",
                "ALTER TABLE posts ALTER COLUMN title SET DEFAULT ''",
                "ALTER TABLE posts ALTER COLUMN slug TYPE text",
                "ALTER TABLE posts ALTER COLUMN slug SET NOT NULL",
                "ALTER TABLE posts DROP COLUMN slug",
                "ALTER TABLE posts RENAME COLUMN slug TO path",
                "ALTER TABLE posts ADD CHECK (views >= 0) NOT VALID",
                "ALTER TABLE posts VALIDATE CONSTRAINT slug_there",
                "ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES authors NOT VALID",
                "ALTER TABLE posts ADD UNIQUE USING INDEX posts_slug",
                "ALTER TABLE posts DROP CONSTRAINT slug_there",
                "ALTER TABLE posts ENABLE ROW LEVEL SECURITY",
                "CREATE TABLE comments (id bigint PRIMARY KEY, post_id bigint REFERENCES posts)",
                "CREATE TRIGGER last_in_line BEFORE INSERT ON posts"
                        + " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                "DROP INDEX posts_slug",
                "CREATE TABLE keep AS SELECT * FROM posts; DROP TABLE old_posts",
                "CREATE INDEX CONCURRENTLY posts_title ON posts (title)",
                "CREATE UNIQUE INDEX CONCURRENTLY posts_id_title ON posts (id, title)",
                "REINDEX INDEX CONCURRENTLY posts_slug",
                "DROP INDEX CONCURRENTLY posts_slug",
                "ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY",
                "ALTER TABLE events ATTACH PARTITION events_2021 FOR VALUES FROM (2021) TO (2022)",
                "CREATE TABLE events_2022 PARTITION OF events FOR VALUES FROM (2022) TO (2023)");
    }

    @ParameterizedTest
    @MethodSource("classes")
    void the_application_waits_no_longer_than_the_lock_timeout(String ddl, @TempDir Path folder) throws Exception {
        if (ddl.startsWith("ALTER TABLE events DETACH")) {
            TestDatabase.assumeAtLeast(14, "DETACH PARTITION CONCURRENTLY");
        }
        Blog blog = new Blog(folder);
        fill(blog);
        blog.script("V2__ddl.sql", ddl + ";");
        if (ddl.endsWith("CONCURRENTLY") || ddl.startsWith("REINDEX")) {
            blog.script("V2__ddl.sql.conf", "executeInTransaction=false"); // Flyway does not know these by itself
        }

        try (Traffic reads = Traffic.of(blog.server, "SELECT p.id FROM posts p, authors a, events WHERE p.id = 1");
                Traffic writes = Traffic.of(blog.server, "UPDATE posts SET views = views + 1 WHERE id = 1");
                Traffic others = Traffic.of(blog.server, "INSERT INTO events VALUES (2019)");
                Connection report = report(blog.server)) {
            CompletableFuture<List<Applied>> expand = CompletableFuture.supplyAsync(blog::expand);
            TimeUnit.MILLISECONDS.sleep(REPORT_MS);
            report.rollback();
            assertThat(expand.get(20, TimeUnit.SECONDS))
                    .extracting(Applied::version)
                    .containsExactly("2");

            for (Traffic each : List.of(reads, writes, others)) {
                assertThat(each.longestMs()).as(ddl).isLessThan(LOCK_TIMEOUT_MS + NOISE_MS);
                assertThat(each.failures()).isEmpty();
            }
        }
    }

    private static void fill(Blog blog) {
        blog.script(
                "V1__posts.sql",
                "CREATE TABLE authors (id bigint PRIMARY KEY);",
                "CREATE TABLE posts (id bigint PRIMARY KEY, title text, slug varchar(50), author_id bigint,",
                " views int NOT NULL DEFAULT 0, CONSTRAINT slug_there CHECK (slug IS NOT NULL) NOT VALID);",
                "INSERT INTO authors VALUES (1);",
                "INSERT INTO posts SELECT n, 'title', 'slug' || n, 1 FROM generate_series(1, 10000) n;",
                "CREATE UNIQUE INDEX posts_slug ON posts (slug);",
                "CREATE TABLE old_posts (id bigint PRIMARY KEY REFERENCES posts);",
                "CREATE TABLE events (year int NOT NULL) PARTITION BY RANGE (year);",
                "CREATE TABLE events_2019 PARTITION OF events FOR VALUES FROM (2019) TO (2020);",
                "CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM (2020) TO (2021);",
                "CREATE TABLE events_2021 (year int NOT NULL, CHECK (year >= 2021 AND year < 2022));");
        blog.expand();
    }

    /** A transaction that has read everything, and could go on doing so. */
    private static Connection report(TestDatabase server) throws SQLException {
        Connection report = server.connect();
        report.setAutoCommit(false);
        try (Statement statement = report.createStatement()) {
            statement.executeQuery("SELECT count(*) FROM posts, authors").close();
            statement.executeQuery("SELECT count(*) FROM events, old_posts").close();
        }
        return report;
    }
}
