package io.pitstop.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A blog with posts, and a script that builds an index on them concurrently. */
class ConcurrentBuildTest {
    private static final String BUILDING =
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE%INDEX CONCURRENTLY%' AND state = 'active'"
                    + " AND wait_event_type = 'Lock' AND datname = current_database()";

    private Blog blog;

    @BeforeEach
    void begin(@TempDir Path folder) {
        blog = new Blog(folder);
        blog.script("V1__posts.sql", "CREATE TABLE posts (id int PRIMARY KEY, name text);");
        blog.expand();
        blog.server.execute("INSERT INTO posts SELECT n, 'name ' || n FROM generate_series(1, 1000) n");
        blog.lines.clear();
        blog.script("V2__by_name.sql", "CREATE INDEX CONCURRENTLY posts_name ON posts (name);");
    }

    @Test
    void an_index_is_built_and_valid() {
        assertThat(blog.expand()).extracting(Applied::version).containsExactly("2");
        assertThat(validity("posts_name")).isEqualTo("t");
        assertThat(blog.history()).isEqualTo("1 2");
    }

    /** What makes a build wait although it never touched posts; the last is a driver that merely sits in a transaction. */
    static Stream<Arguments> snapshots() {
        return Stream.of(
                arguments(Connection.TRANSACTION_REPEATABLE_READ, "SELECT count(*) FROM pg_class"),
                arguments(
                        Connection.TRANSACTION_READ_COMMITTED, "UPDATE other SET id = 2 WHERE pg_sleep(2) IS NOT NULL"),
                arguments(Connection.TRANSACTION_READ_COMMITTED, "SELECT id FROM other"));
    }

    @ParameterizedTest
    @MethodSource("snapshots")
    void an_old_snapshot_is_named_and_waited_for_without_a_lock_timeout(int isolation, String sql) throws Exception {
        blog.server.execute("CREATE TABLE other (id int)", "INSERT INTO other VALUES (1)");
        try (Connection old = blog.server.connect()) {
            old.setAutoCommit(false);
            old.setTransactionIsolation(isolation);
            CompletableFuture<?> query = CompletableFuture.runAsync(() -> execute(old, sql));
            blog.server.awaitQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()"
                            + " AND xact_start < clock_timestamp() - interval '1100 ms' AND datname = current_database()",
                    "1");
            CompletableFuture<?> expand = CompletableFuture.supplyAsync(blog::expand);
            blog.server.awaitQuery(BUILDING, "1");
            TimeUnit.MILLISECONDS.sleep(400); // longer than the lock timeout
            assertThat(expand).isNotDone();
            query.get(10, TimeUnit.SECONDS);
            old.rollback();
            expand.get(10, TimeUnit.SECONDS);
        }
        assertThat(validity("posts_name")).isEqualTo("t");
        assertThat(blog.lines).anyMatch(line -> line.contains("will have to wait for pid"));
    }

    @Test
    void a_snapshot_that_never_goes_ends_the_build_within_its_time_and_leaves_no_index() throws SQLException {
        blog.lockWithin(Duration.ofSeconds(1));
        try (Connection old = snapshot()) {
            assertThatThrownBy(blog::expand)
                    .isInstanceOf(DependencyFailed.class)
                    .hasMessageContaining("had to wait for longer than 1s")
                    .hasMessageContaining("pitstop:blog:test");
            assertThat(old.isValid(1)).isTrue();
        }
        assertThat(validity("posts_name")).isEqualTo("nothing");
        assertThat(blog.history()).isEqualTo("1");
        assertThat(blog.expand()).hasSize(1);
    }

    @Test
    void a_cancelled_build_leaves_no_index_and_the_next_run_builds_it() throws Exception {
        try (Connection old = snapshot()) {
            CompletableFuture<Throwable> failure = failing();
            blog.server.awaitQuery(BUILDING, "1");
            blog.server.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CON%'"
                    + " AND datname = current_database()");
            assertThat(failure.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(DependencyFailed.class)
                    .hasMessageContaining("57014");
            assertThat(old.isValid(1)).isTrue();
        }
        assertThat(validity("posts_name")).isEqualTo("nothing");

        assertThat(blog.expand()).hasSize(1);
        assertThat(validity("posts_name")).isEqualTo("t");
    }

    @Test
    void an_interrupt_ends_the_build() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        try (Connection old = snapshot()) {
            Thread step = new Thread(() -> failure.complete(catchThrowable(blog::expand)));
            step.start();
            blog.server.awaitQuery(BUILDING, "1");
            step.interrupt();
            assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(Interrupted.class);
            assertThat(old.isValid(1)).isTrue();
        }
        assertThat(validity("posts_name")).isEqualTo("nothing");
    }

    @Test
    void a_build_whose_process_and_session_died_is_removed_and_done_again() throws Exception {
        blog.script("V2__by_name.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_name ON posts (name);");
        dieWhileBuilding();
        assertThat(validity("posts_name")).isEqualTo("f");

        assertThat(blog.expand()).hasSize(1);

        assertThat(validity("posts_name")).isEqualTo("t");
        assertThat(blog.lines).anyMatch(line -> line.contains("removes public.posts_name"));
    }

    @Test
    void a_build_that_ended_well_after_its_process_had_died_does_not_stop_the_next_run() throws Exception {
        dieWhileBuilding();
        blog.server.execute("DROP INDEX posts_name", "CREATE INDEX posts_name ON posts (name)");

        assertThat(blog.expand()).hasSize(1);

        assertThat(validity("posts_name")).isEqualTo("t");
        assertThat(blog.lines).anyMatch(line -> line.contains("builds public.posts_name again"));
    }

    @Test
    void an_index_without_a_name_is_not_built_twice() throws Exception {
        blog.script("V2__by_name.sql", "CREATE INDEX CONCURRENTLY ON posts (name);");
        dieWhileBuilding();

        assertThat(blog.expand()).hasSize(1);

        assertThat(blog.server.query("SELECT string_agg(indexrelid::regclass || ' ' || indisvalid, ', ') FROM pg_index"
                        + " WHERE indrelid = 'posts'::regclass AND NOT indisprimary"))
                .isEqualTo("posts_name_idx true");
    }

    @Test
    void a_unique_index_over_duplicates_leaves_none_and_does_not_show_them() {
        blog.server.execute("UPDATE posts SET name = 'double' WHERE id < 3");
        Path file = blog.script("V2__by_name.sql", "CREATE UNIQUE INDEX CONCURRENTLY posts_name ON posts (name);");

        assertThatThrownBy(blog::expand)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(file + ":1: ")
                .hasMessageContaining("23505")
                .message()
                .doesNotContain("double");

        assertThat(validity("posts_name")).isEqualTo("nothing");
        blog.server.execute("UPDATE posts SET name = id::text");
        assertThat(blog.expand()).hasSize(1);
    }

    @Test
    void a_unique_index_cancelled_in_its_last_phase_does_not_go_on_to_reject_what_the_application_writes()
            throws Exception {
        blog.script("V2__by_name.sql", "CREATE UNIQUE INDEX CONCURRENTLY posts_name ON posts (name);");
        try (Connection old = snapshot()) {
            CompletableFuture<Throwable> failure = failing();
            blog.server.awaitQuery(BUILDING, "1");
            assertThat(blog.server.query("SELECT indisready FROM pg_index WHERE indexrelid = 'posts_name'::regclass"))
                    .isEqualTo("t");
            blog.server.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE%'"
                    + " AND datname = current_database()");
            assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(DependencyFailed.class);

            blog.server.execute("INSERT INTO posts VALUES (2000, 'name 1')");
            assertThat(old.isValid(1)).isTrue();
        }
    }

    @Test
    void an_invalid_index_of_somebody_else_is_named_and_left_alone() throws SQLException {
        blog.server.execute("UPDATE posts SET name = 'double' WHERE id < 3");
        try (Connection other = blog.server.connect();
                Statement statement = other.createStatement()) {
            assertThat(catchThrowable(
                            () -> statement.execute("CREATE UNIQUE INDEX CONCURRENTLY posts_name ON posts (name)")))
                    .isInstanceOf(SQLException.class);
        }
        blog.script("V2__by_name.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_name ON posts (name);");

        assertThatThrownBy(blog::expand)
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("public.posts_name is there but not valid");
        assertThat(validity("posts_name")).isEqualTo("f");
        assertThat(blog.history()).isEqualTo("1");
    }

    /** Begins to build and dies: the server ends the session, nobody cleans up. */
    private void dieWhileBuilding() throws Exception {
        try (Connection old = snapshot()) {
            CompletableFuture<Throwable> failure = failing();
            blog.server.awaitQuery(BUILDING, "1");
            // The builder last: while another session of the process lived, it would still clean up.
            blog.server.terminate("FROM (SELECT pid FROM pg_stat_activity"
                    + " WHERE application_name LIKE 'pitstop:blog:%migrate-expand' AND datname = current_database()"
                    + " ORDER BY query LIKE 'CREATE INDEX%' OFFSET 0) ours");
            assertThat(failure.get(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(old.isValid(1)).isTrue();
        }
    }

    private CompletableFuture<Throwable> failing() {
        return CompletableFuture.supplyAsync(() -> catchThrowable(blog::expand));
    }

    /** A transaction that has not touched posts, but could still see all as it was. */
    private Connection snapshot() throws SQLException {
        Connection old = blog.server.connect();
        old.setAutoCommit(false);
        old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = old.createStatement()) {
            statement.execute("SELECT count(*) FROM pg_class");
        }
        return old;
    }

    private static void execute(Connection connection, String sql) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String validity(String index) {
        return blog.server.query("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('" + index + "')");
    }
}
