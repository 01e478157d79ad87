package io.pitstop.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pitstop.database.Traffic;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A blog that writes to posts all the time, with a lock timeout of 200 ms, and a script that works under its lock. */
class HeldUpTest {
    private static final long LOCK_TIMEOUT_MS = 200;
    /** Looks follow each other within 100 ms; the rest is for a busy machine. */
    private static final long DETECTION_MS = 250;

    private Blog blog;

    @BeforeEach
    void begin(@TempDir Path folder) {
        blog = new Blog(folder);
        blog.script(
                "V1__posts.sql",
                "CREATE TABLE posts (id int PRIMARY KEY, views int NOT NULL DEFAULT 0);",
                "INSERT INTO posts VALUES (1), (2);");
        blog.expand();
        blog.lines.clear();
    }

    @Test
    void a_script_that_is_slow_under_its_lock_is_ended_before_the_application_waits_much_longer_than_it_may()
            throws SQLException {
        Path script = blog.script(
                "V2__age.sql",
                "ALTER TABLE posts ADD COLUMN age int;",
                "ALTER TABLE posts ADD CHECK (pg_sleep(2) IS NOT NULL);");

        try (Traffic writes = Traffic.of(blog.server, "UPDATE posts SET views = views + 1 WHERE id = 1");
                Traffic reads = Traffic.of(blog.server, "SELECT id FROM posts WHERE id = 1")) {
            assertThatThrownBy(blog::expand)
                    .isInstanceOf(MoveRefused.class)
                    .hasMessageContaining(script + ":2 made the application wait longer than database.lockTimeout")
                    .hasMessageMatching(
                            "(?s).*pid \\d+ \\(blog-blue\\) waited \\d+ ms for posts, of which it held"
                                    + " AccessExclusiveLock to do: (UPDATE posts SET views = views \\+ …|SELECT id FROM posts.*).*")
                    .hasMessageContaining("Statement: ALTER TABLE posts ADD CHECK")
                    .hasMessageContaining("rolled back 3 times; nothing of it is left");
            System.out.printf(
                    "slow under a lock: longest write %.0f ms, longest read %.0f ms%n",
                    writes.longestMs(), reads.longestMs());
            for (Traffic each : List.of(writes, reads)) {
                assertThat(each.longestMs()).isLessThan(LOCK_TIMEOUT_MS + DETECTION_MS);
                assertThat(each.failures()).isEmpty();
            }
        }

        assertThat(blog.lines)
                .filteredOn(line -> line.contains("the next try follows"))
                .hasSize(2);
        assertThat(blog.history()).isEqualTo("1");
        assertThat(blog.server.query("SELECT count(*) FROM pg_attribute WHERE attname = 'age'"))
                .isEqualTo("0");
    }

    @Test
    void a_moment_later_the_same_script_may_go_through() throws SQLException {
        blog.server.execute("CREATE SEQUENCE tries"); // unlike a table, it remembers what was rolled back
        blog.script(
                "V2__age.sql",
                "ALTER TABLE posts ADD COLUMN age int;",
                "SELECT CASE WHEN nextval('tries') < 2 THEN pg_sleep(2) END;");

        try (Traffic writes = Traffic.of(blog.server, "UPDATE posts SET views = views + 1 WHERE id = 1")) {
            assertThat(blog.expand()).extracting(Applied::version).containsExactly("2");
            assertThat(writes.longestMs()).isLessThan(LOCK_TIMEOUT_MS + DETECTION_MS);
        }
        assertThat(blog.history()).isEqualTo("1 2");
    }

    @Test
    void a_script_whose_watch_loses_its_session_is_watched_from_another() throws Exception {
        blog.server.execute("CREATE SEQUENCE tries");
        blog.script(
                "V2__age.sql",
                "SELECT pg_sleep(0.7);",
                "ALTER TABLE posts ADD COLUMN age int;",
                "SELECT CASE WHEN nextval('tries') < 2 THEN pg_sleep(2) END;");

        try (Traffic writes = Traffic.of(blog.server, "UPDATE posts SET views = views + 1 WHERE id = 1")) {
            CompletableFuture<List<Applied>> expand = CompletableFuture.supplyAsync(blog::expand);
            endTheWatch();
            assertThat(expand.get(20, TimeUnit.SECONDS)).hasSize(1);
            assertThat(writes.longestMs()).isLessThan(LOCK_TIMEOUT_MS + DETECTION_MS);
        }
        assertThat(blog.lines)
                .anyMatch(line -> line.contains("is watched from another session"))
                .anyMatch(line -> line.contains("the next try follows"));
    }

    @Test
    void a_script_that_cannot_be_watched_any_more_is_ended() throws Exception {
        blog.script("V2__age.sql", "ALTER TABLE posts ADD COLUMN age int;", "SELECT pg_sleep(30);");
        CompletableFuture<Throwable> expand = CompletableFuture.supplyAsync(() -> catchThrowable(blog::expand));
        blog.server.awaitQuery("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%'", "1");

        blog.shut();
        endTheWatch();

        assertThat(expand.get(20, TimeUnit.SECONDS))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("The session that watched")
                .hasMessageContaining("so it was ended");
        assertThat(blog.history()).isEqualTo("1");
    }

    private void endTheWatch() {
        blog.server.awaitQuery(
                "SELECT least(count(pg_terminate_backend(pid)), 1) FROM pg_stat_activity WHERE query LIKE 'WITH RECURSIVE"
                        + " waiting%' AND application_name = 'pitstop:blog:migrate-expand'"
                        + " AND datname = current_database()",
                "1");
    }

    @Test
    void a_row_that_a_script_has_written_counts_as_well() throws SQLException {
        blog.script("V2__views.sql", "UPDATE posts SET views = 0;", "SELECT pg_sleep(2);");

        try (Traffic writes = Traffic.of(blog.server, "UPDATE posts SET views = views + 1 WHERE id = 1")) {
            assertThatThrownBy(blog::expand)
                    .isInstanceOf(MoveRefused.class)
                    .hasMessageContaining("for a row that it had written or locked to do: UPDATE posts");
            assertThat(writes.longestMs()).isLessThan(LOCK_TIMEOUT_MS + DETECTION_MS);
        }
    }

    @Test
    void who_waits_behind_the_ddl_of_a_third_party_waits_for_us() throws Exception {
        blog.script(
                "V2__rule.sql",
                "COMMENT ON TABLE posts IS 'lets readers and writers pass, but no DDL';",
                "SELECT pg_sleep(1.5);");
        CompletableFuture<List<Applied>> expand = CompletableFuture.supplyAsync(blog::expand);
        blog.server.awaitQuery("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(1.5)%'", "1");
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> blog.server.execute("DO $$ BEGIN LOCK posts; END $$"));
        blog.server.awaitQuery("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'", "1");

        try (Traffic reads = Traffic.of(blog.server, "SELECT id FROM posts WHERE id = 1")) {
            other.get(10, TimeUnit.SECONDS);
            assertThat(reads.longestMs()).isBetween(100.0, (double) LOCK_TIMEOUT_MS + DETECTION_MS);
        }
        assertThat(expand.get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void a_script_that_nobody_waits_for_may_take_its_time() throws SQLException {
        blog.script("V2__age.sql", "CREATE TABLE tags (id int);", "SELECT pg_sleep(0.6);");

        try (Traffic writes = Traffic.of(blog.server, "UPDATE posts SET views = views + 1 WHERE id = 1")) {
            assertThat(blog.expand()).extracting(Applied::tries).containsExactly(1);
            assertThat(writes.failures()).isEmpty();
        }
    }

    @Test
    void what_runs_outside_a_transaction_is_ended_at_once() throws SQLException {
        blog.script("V2__lock.sql", "DO $$ BEGIN LOCK posts; PERFORM pg_sleep(5); END $$;");
        blog.script("V2__lock.sql.conf", "executeInTransaction=false");

        try (Traffic writes = Traffic.of(blog.server, "UPDATE posts SET views = views + 1 WHERE id = 1")) {
            assertThatThrownBy(blog::expand)
                    .isInstanceOf(MoveRefused.class)
                    .hasMessageContaining("It runs outside a transaction");
            assertThat(writes.longestMs()).isLessThan(LOCK_TIMEOUT_MS + DETECTION_MS);
        }
    }
}
