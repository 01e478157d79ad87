package io.pitstop.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.database.Traffic;
import io.pitstop.error.DependencyFailed;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that vacuums posts so slowly that it would take a minute, and a script that needs the table for itself.
 *
 * <p>A server cancels its own vacuum only for somebody who has waited for {@code deadlock_timeout}, a second, at one go;
 * nobody with a lock timeout of 200 ms ever has.
 */
class BesideVacuumTest {
    private Blog blog;

    @BeforeEach
    void begin(@TempDir Path folder) {
        blog = new Blog(folder);
        blog.script(
                "V1__posts.sql",
                "CREATE TABLE posts (id int PRIMARY KEY, content text);",
                "INSERT INTO posts SELECT n, repeat('x', 1000) FROM generate_series(1, 5000) n;");
        blog.expand();
        blog.lines.clear();
        blog.script("V2__age.sql", "ALTER TABLE posts ADD COLUMN age int;");
        blog.server.execute(
                "ALTER SYSTEM SET autovacuum_naptime = '1s'",
                "SELECT pg_reload_conf()",
                "UPDATE posts SET content = content || 'y'",
                "ALTER TABLE posts SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,"
                        + " autovacuum_analyze_threshold = 1000000,"
                        + " autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)");
    }

    @AfterEach
    void end() {
        blog.server.execute(
                "ALTER SYSTEM RESET autovacuum_naptime",
                "SELECT pg_reload_conf()",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_progress_vacuum WHERE relid = 'posts'::regclass");
    }

    @Test
    void a_vacuum_of_the_server_gives_way_and_the_application_notices_nothing() throws SQLException {
        awaitVacuum();

        try (Traffic writes = Traffic.of(blog.server, "UPDATE posts SET content = '' WHERE id = 1");
                Traffic reads = Traffic.of(blog.server, "SELECT id FROM posts WHERE id = 1")) {
            Applied applied = blog.expand().get(0);

            System.out.printf(
                    "beside a vacuum: applied in %d ms, %d tries; longest write %.0f ms, longest read %.0f ms%n",
                    applied.took().toMillis(), applied.tries(), writes.longestMs(), reads.longestMs());
            assertThat(writes.longestMs()).isLessThan(200 + 150);
            assertThat(reads.longestMs()).isLessThan(200 + 150);
        }
    }

    @Test
    void a_vacuum_against_wraparound_yields_to_nobody_and_is_named() {
        blog.lockWithin(Duration.ofSeconds(4)); // several looks, should one miss it
        blog.server.execute(
                "ALTER TABLE posts SET (autovacuum_freeze_max_age = 100000)",
                "SET synchronous_commit = off",
                "DO $$ BEGIN FOR i IN 1..100100 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
                // One that began before that is of the other kind.
                "SELECT pg_cancel_backend(pid) FROM pg_stat_progress_vacuum WHERE relid = 'posts'::regclass");
        blog.server.awaitQuery(
                "SELECT count(*) FROM pg_stat_activity"
                        + " WHERE query = 'autovacuum: VACUUM public.posts (to prevent wraparound)'"
                        + " AND datname = current_database()",
                "1");

        assertThatThrownBy(blog::expand)
                .isInstanceOfSatisfying(DependencyFailed.class, failure -> assertThat(failure.hint())
                        .contains("yields to nobody"))
                .hasMessageContaining("VACUUM public.posts (to prevent wraparound)");
    }

    private void awaitVacuum() {
        blog.server.awaitQuery("SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'posts'::regclass", "1");
    }
}
