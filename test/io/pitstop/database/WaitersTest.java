package io.pitstop.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A session of ours that holds a table, and one of the application that wants to read it. */
class WaitersTest {
    private final TestDatabase server = TestDatabase.create()
            .execute(
                    "CREATE TABLE posts (id int)",
                    "DO $$ BEGIN CREATE ROLE without_rights; EXCEPTION WHEN duplicate_object THEN NULL; END $$");

    @Test
    void how_long_somebody_has_waited_is_known_without_a_right_to_see_what_others_do() throws Exception {
        try (Connection ours = server.connect();
                Connection side = server.connect()) {
            execute(side, "SET ROLE without_rights");
            ours.setAutoCommit(false);
            execute(ours, "LOCK TABLE posts");
            try (Waiters waiters = new Waiters(side, Database.pid(ours))) {
                assertThat(waiters.longest()).isEmpty();
                long before = System.nanoTime();
                CompletableFuture<Void> reader = CompletableFuture.runAsync(this::read);

                Waiter waiter = awaitOneOf(waiters, Duration.ofMillis(150));

                long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
                assertThat(waiter.waited().toMillis()).isBetween(150L, elapsed);
                assertThat(waiter.lock()).isEqualTo("posts, of which it held AccessExclusiveLock");
                ours.rollback();
                reader.get(10, TimeUnit.SECONDS);
                assertThat(waiters.longest()).isEmpty();
            }
        }
    }

    private static Waiter awaitOneOf(Waiters waiters, Duration time) throws SQLException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        Optional<Waiter> last = waiters.longest();
        while (last.filter(waiter -> waiter.waited().compareTo(time) >= 0).isEmpty()) {
            assertThat(System.nanoTime()).as("still: " + last).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            last = waiters.longest();
        }
        return last.orElseThrow();
    }

    /** As the application: a session of ours would not count. */
    private void read() {
        try (Connection reader = server.connect()) {
            execute(reader, "SET application_name = 'blog-blue'");
            execute(reader, "TABLE posts");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
