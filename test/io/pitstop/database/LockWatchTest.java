package io.pitstop.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A table that a session of the application and others want to lock. */
class LockWatchTest {
    private final TestDatabase database = TestDatabase.create().execute("CREATE TABLE posts (id int)");

    @Test
    void a_wait_for_a_lock_that_we_hold_is_measured_with_both_statements() throws Exception {
        try (LockWatch watch = LockWatch.start(database.database());
                Connection ours = database.connect();
                Connection application = application();
                Statement alter = ours.createStatement()) {
            ours.setAutoCommit(false);
            alter.execute("ALTER TABLE posts ADD COLUMN title text");
            CompletableFuture<Void> read = CompletableFuture.runAsync(() -> execute(application, "TABLE posts"));
            await(() -> longestMillis(watch) >= 100);
            ours.commit();
            read.join();

            LockWatch.Wait wait = watch.longest().orElseThrow();
            assertThat(wait.millis()).isBetween(100L, 5_000L);
            assertThat(wait.session()).isEqualTo("blog-blue");
            assertThat(wait.statement()).isEqualTo("TABLE posts");
            assertThat(wait.ours()).isEqualTo("pitstop:blog:test");
            assertThat(wait.ourStatement()).startsWith("ALTER TABLE");
        }
    }

    @Test
    void a_wait_behind_us_in_the_queue_counts_too() throws Exception {
        try (LockWatch watch = LockWatch.start(database.database());
                Connection reader = application();
                Connection ours = database.connect();
                Connection application = application()) {
            reader.setAutoCommit(false);
            execute(reader, "TABLE posts");
            CompletableFuture<Void> alter =
                    CompletableFuture.runAsync(() -> execute(ours, "ALTER TABLE posts ADD COLUMN title text"));
            await(() -> waiting("pitstop:%") == 1);
            CompletableFuture<Void> read = CompletableFuture.runAsync(() -> execute(application, "TABLE posts"));

            await(() -> longestMillis(watch) >= 50);
            reader.commit();
            alter.join();
            read.join();
        }
    }

    @Test
    void waits_of_the_application_for_itself_do_not_count() throws Exception {
        try (LockWatch watch = LockWatch.start(database.database());
                Connection first = application();
                Connection second = application()) {
            first.setAutoCommit(false);
            execute(first, "LOCK TABLE posts");
            CompletableFuture<Void> read = CompletableFuture.runAsync(() -> execute(second, "TABLE posts"));
            await(() -> waiting("blog-%") == 1);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos()); // several looks
            first.commit();
            read.join();

            assertThat(watch.longest()).isEmpty();
        }
    }

    @Test
    void a_watch_that_went_blind_says_so() {
        try (LockWatch watch = LockWatch.start(database.database())) {
            await(() -> database.query(KILL).equals("t"));

            assertThatThrownBy(() -> await(() -> longestMillis(watch) < 0)).isInstanceOf(DependencyFailed.class);
        }
    }

    private static final String KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND application_name LIKE '%lock-watch'";

    private static long longestMillis(LockWatch watch) {
        return watch.longest().map(LockWatch.Wait::millis).orElse(0L);
    }

    private long waiting(String session) {
        return Long.parseLong(database.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND datname = current_database() AND application_name LIKE '" + session + "'"));
    }

    private Connection application() throws SQLException {
        return DriverManager.getConnection(
                database.url() + "?user=postgres&password=postgres&ApplicationName=blog-blue");
    }

    private static void execute(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for 10 s").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
