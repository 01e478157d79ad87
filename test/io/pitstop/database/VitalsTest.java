package io.pitstop.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Two sessions, one of which waits for the other. */
class VitalsTest {
    private final TestDatabase server = TestDatabase.create().execute("CREATE TABLE posts (id int)");
    private final Figures figures = new Figures();

    @Test
    void a_session_that_waits_and_a_transaction_that_stays_open_are_seen() throws Exception {
        try (Vitals vitals = new Vitals(server.database(), figures);
                Connection holder = server.connect();
                Connection waiter = server.connect()) {
            vitals.run();
            assertThat(figures.of(Meter.DATABASE_WAITING)).isZero();

            holder.createStatement().execute("SET application_name = 'psql'"); // ours do not count
            holder.setAutoCommit(false);
            holder.createStatement().execute("LOCK TABLE posts");
            Thread wait = new Thread(() -> read(waiter));
            wait.start();
            String waits = TestDatabase.version() < 14 ? "NOT granted" : "waitstart IS NOT NULL";
            server.awaitQuery("SELECT count(*) FROM pg_locks WHERE " + waits, "1");
            vitals.run();

            assertThat(figures.of(Meter.DATABASE_WAITING)).isEqualTo(1);
            assertThat(figures.of(Meter.DATABASE_WAIT_LONGEST)).isPositive().isLessThan(60);
            assertThat(figures.of(Meter.DATABASE_TRANSACTION_OLDEST))
                    .isPositive()
                    .isLessThan(60);
            assertThat(figures.of(Meter.DATABASE_SESSIONS, "active")).isGreaterThanOrEqualTo(2);
            assertThat(figures.of(Meter.DATABASE_SESSIONS, "idle in transaction"))
                    .isGreaterThanOrEqualTo(1);
            holder.rollback();
            wait.join();
        }
    }

    @Test
    void invalid_indexes_room_and_wal_are_counted() {
        server.execute(
                "CREATE INDEX broken ON posts (id)",
                "UPDATE pg_index SET indisvalid = false" + " WHERE indexrelid = 'broken'::regclass");
        try (Vitals vitals = new Vitals(server.database(), figures)) {
            vitals.run();
            double before = figures.of(Meter.DATABASE_WAL);
            server.execute("INSERT INTO posts SELECT generate_series(1, 1000)");
            lookUntilItIsThere(vitals, Meter.DATABASE_CACHE_HITS);

            assertThat(figures.of(Meter.INDEXES_INVALID)).isEqualTo(1);
            assertThat(figures.of(Meter.DATABASE_WAL)).isGreaterThan(before);
            assertThat(figures.of(Meter.DATABASE_SESSIONS_LEFT)).isBetween(1.0, 100.0);
            assertThat(figures.of(Meter.DATABASE_CACHE_HITS)).isBetween(0.0, 1.0);
        }
    }

    @Test
    void without_a_right_to_the_statements_all_other_figures_are_there() {
        server.execute(
                "DO $$ BEGIN CREATE ROLE looks_on LOGIN PASSWORD 'x'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "REVOKE ALL ON pg_stat_statements FROM PUBLIC");
        Database restricted = new Database(server.database().config(), "blog", refused -> new Login("looks_on", "x"));
        try (Vitals vitals = new Vitals(restricted, figures)) {
            vitals.look();

            assertThat(figures.of(Meter.DATABASE_WAITING)).isZero();
            assertThat(figures.all).doesNotContainKey(Meter.DATABASE_STATEMENT.toString());
        }
    }

    @Test
    void a_session_that_was_ended_is_opened_again() {
        try (Vitals vitals = new Vitals(server.database(), figures)) {
            vitals.run();
            server.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE application_name = 'pitstop:blog:metrics' AND datname = current_database()");
            vitals.run();
            figures.all.clear();
            vitals.run();

            assertThat(figures.of(Meter.DATABASE_WAITING)).isZero();
        }
    }

    /** Before version 15 a server counts what sessions read half a second late. */
    private void lookUntilItIsThere(Vitals vitals, Meter meter) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        do {
            vitals.run();
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        } while (!figures.all.containsKey(meter.toString()) && System.nanoTime() < deadline);
    }

    private static void read(Connection session) {
        try {
            session.createStatement().executeQuery("SELECT * FROM posts");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps the last value of each gauge. */
    private static final class Figures implements Meters {
        final Map<String, Double> all = new ConcurrentHashMap<>();

        double of(Meter meter, String... labels) {
            return all.get(meter + String.join(",", labels));
        }

        @Override
        public void count(Meter meter, double more, String... labels) {
            throw new AssertionError(meter);
        }

        @Override
        public void set(Meter meter, double value, String... labels) {
            all.put(meter + String.join(",", labels), value);
        }

        @Override
        public void time(Meter meter, Duration took, String... labels) {
            throw new AssertionError(meter);
        }
    }
}
