package io.pitstop.backfill.brake;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.backfill.brake.Reading.Level;
import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** Each signal is driven for real; a transaction is old after 0.2 s. */
class SignalsTest {
    private final TestDatabase server = TestDatabase.create()
            .execute("CREATE TABLE posts (id int, n int)", "INSERT INTO posts VALUES (1, 0), (2, 0)");
    private Connection session;

    @BeforeEach
    void connect() {
        session = server.connect();
    }

    @AfterEach
    void close() {
        Database.close(session);
    }

    @Test
    void all_is_good_on_a_quiet_server() throws SQLException {
        for (Signal signal : gauges()) {
            assertThat(signal.read(session)).as(signal.name()).isEqualTo(Reading.GOOD);
        }
    }

    @Test
    void somebody_who_waits_for_a_row_of_ours_is_seen() throws Exception {
        try (Connection ours = server.database().connect("backfill");
                Connection application = application()) {
            ours.setAutoCommit(false);
            ours.createStatement().execute("UPDATE posts SET n = 1 WHERE id = 1");
            CompletableFuture<Void> write = run(application, "UPDATE posts SET n = 2 WHERE id = 1");

            Reading reading = await("lock-waits", Level.SLOW);
            assertThat(reading.reason()).startsWith("1 sessions wait for our locks, for up to");
            ours.commit();
            write.join();
            await("lock-waits", Level.GOOD);
        }
    }

    @Test
    void who_waits_for_somebody_else_is_not_our_concern() throws Exception {
        try (Connection other = application();
                Connection application = application()) {
            other.setAutoCommit(false);
            other.createStatement().execute("UPDATE posts SET n = 1 WHERE id = 1");
            CompletableFuture<Void> write = run(application, "UPDATE posts SET n = 2 WHERE id = 1");
            server.awaitQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND query_start < clock_timestamp() - interval '100 ms' AND datname = current_database()",
                    "1");

            assertThat(read("lock-waits")).isEqualTo(Reading.GOOD);
            other.rollback();
            write.join();
        }
    }

    @Test
    void a_long_transaction_that_keeps_dead_rows_is_seen() throws Exception {
        try (Connection report = application()) {
            report.setAutoCommit(false);
            report.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            report.createStatement().execute("SELECT count(*) FROM posts");

            assertThat(await("snapshot", Level.EASE).reason()).contains("keeps dead rows (process ");
            report.rollback();
            await("snapshot", Level.GOOD);
        }
    }

    @Test
    void a_slot_that_nobody_reads_slows_and_then_stops() throws SQLException {
        server.execute("SELECT pg_create_physical_replication_slot('left_behind', true)");
        try {
            writeAhead(17);
            assertThat(read("slot-lag").level()).isEqualTo(Level.SLOW);
            assertThat(read("slot-lag").reason()).startsWith("replication slot left_behind keeps");
            writeAhead(48);
            assertThat(read("slot-lag").level()).isEqualTo(Level.STOP);
        } finally {
            server.execute("SELECT pg_drop_replication_slot('left_behind')");
        }
    }

    @Test
    void a_replica_that_lags_slows_and_one_that_may_not_be_looked_at_counts_as_bad() throws Exception {
        server.execute("DROP ROLE IF EXISTS nobody_special", "CREATE ROLE nobody_special");
        // Without a slot a checkpoint may take the WAL away that the replica has not read.
        server.execute("SELECT pg_create_physical_replication_slot('reader', true)");
        try (Connection line = replica();
                PGReplicationStream replica = stream(line)) {
            assertThat(replica.isClosed()).isFalse();
            writeAhead(5);

            assertThat(await("replica-lag", Level.SLOW).reason()).startsWith("replica reader is ");
            session.createStatement().execute("SET ROLE nobody_special");
            assertThat(read("replica-lag").reason()).contains("cannot be read: grant pg_monitor");
            assertThat(read("replica-lag").level()).isEqualTo(Level.SLOW);
            session.createStatement().execute("RESET ROLE");
        } finally {
            server.query(
                    "SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE slot_name = 'reader'");
            server.awaitQuery("SELECT active FROM pg_replication_slots WHERE slot_name = 'reader'", "f");
            server.execute("SELECT pg_drop_replication_slot('reader')");
        }
    }

    @Test
    void a_vacuum_of_the_table_is_seen_and_no_other() throws Exception {
        server.execute("INSERT INTO posts SELECT g, g FROM generate_series(1, 50000) g", "DELETE FROM posts");
        try (Connection dba = application()) {
            dba.createStatement().execute("SET vacuum_cost_delay = 100");
            dba.createStatement().execute("SET vacuum_cost_limit = 1");
            CompletableFuture<Void> vacuum = run(dba, "VACUUM posts");

            assertThat(await("vacuum", Level.EASE).reason()).isEqualTo("vacuum works on posts");
            server.query("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_progress_vacuum");
            assertThat(vacuum.handle((done, failure) -> failure).get()).isNotNull();
        }
    }

    @Test
    void the_last_connections_are_left_to_others() throws SQLException {
        List<Connection> open = new ArrayList<>();
        try {
            int free = Integer.parseInt(server.query(
                    "SELECT 97 - count(*) FROM pg_stat_activity" + " WHERE backend_type = 'client backend'"));
            for (int i = 0; i < free; i++) {
                open.add(server.connect());
            }
            assertThat(read("connections").level()).isEqualTo(Level.SLOW);
            assertThat(read("connections").reason()).contains("connections are left");
        } finally {
            open.forEach(Database::close);
        }
    }

    @Test
    void many_forced_checkpoints_are_seen() throws SQLException {
        int version = Integer.parseInt(Gauges.text(session, "SHOW server_version_num"));
        Checkpoints checkpoints = new Checkpoints(version);
        assertThat(checkpoints.read(session)).isEqualTo(Reading.GOOD);
        server.execute("CHECKPOINT", "CHECKPOINT", "CHECKPOINT");

        Reading reading = Reading.GOOD;
        for (int i = 0; i < 200 && reading.equals(Reading.GOOD); i++) {
            server.execute("SELECT pg_sleep(0.02)", "CHECKPOINT");
            reading = checkpoints.read(session);
        }
        assertThat(reading.level()).isEqualTo(Level.EASE);
        assertThat(reading.reason()).contains("checkpoints were forced in the last minute");
    }

    @Test
    void reads_that_take_longer_than_before_are_seen() throws SQLException {
        server.execute(
                "CREATE TABLE speed AS SELECT 0.0 AS seconds",
                "CREATE VIEW slow AS SELECT '(0,1)'::tid AS ctid WHERE pg_sleep((SELECT seconds FROM speed)) IS NOT NULL");
        Probe probe = Probe.ofReads(session, new Usual(), "slow");
        server.execute("UPDATE speed SET seconds = 0.3");

        Reading reading = probe.read(session);

        assertThat(reading.level()).isEqualTo(Level.SLOW);
        assertThat(reading.reason()).startsWith("point reads take 3");
    }

    @Test
    void commits_that_take_longer_than_before_are_seen() throws SQLException {
        server.execute(
                "CREATE TABLE speed AS SELECT 0.0 AS seconds",
                // Stands before the server's own function on the search path of this session.
                "CREATE SCHEMA slow",
                "CREATE FUNCTION slow.pg_logical_emit_message(boolean, text, text) RETURNS int LANGUAGE sql AS"
                        + " 'SELECT 1 FROM (SELECT pg_sleep(seconds) FROM public.speed OFFSET 0) s'");
        session.createStatement().execute("SET search_path = slow, pg_catalog, public");
        Probe probe = Probe.ofCommits(session, new Usual());
        assertThat(probe.read(session)).isEqualTo(Reading.GOOD);

        server.execute("UPDATE speed SET seconds = 0.013");
        assertThat(await(probe, Level.EASE).reason()).startsWith("commits take 1");
        server.execute("UPDATE speed SET seconds = 0.3");
        assertThat(await(probe, Level.SLOW).reason()).startsWith("commits take 3");
    }

    private Reading await(Probe probe, Level level) throws SQLException {
        Reading reading = probe.read(session);
        for (int i = 0; i < 10 && reading.level() != level; i++) {
            reading = probe.read(session);
        }
        assertThat(reading.level()).isEqualTo(level);
        return reading;
    }

    @Test
    void statements_of_the_application_that_take_longer_are_seen_with_a_comment_in_front_too() throws SQLException {
        StatementTimes times = StatementTimes.of(session, "posts").orElseThrow();
        try (Connection application = application();
                Statement slow = application.createStatement()) {
            for (int i = 0; i < 25; i++) {
                slow.execute("/* page of a post */ SELECT pg_sleep(0.01) FROM posts WHERE id = 1");
            }
        }

        Reading reading = times.read(session);
        assertThat(reading.level()).isEqualTo(Level.SLOW);
        assertThat(reading.reason()).startsWith("statements on posts take ");
    }

    @Test
    void statement_times_are_found_in_whatever_schema_they_are() throws SQLException {
        server.execute("CREATE SCHEMA \"Odd one\"", "ALTER EXTENSION pg_stat_statements SET SCHEMA \"Odd one\"");

        assertThat(StatementTimes.of(session, "posts").orElseThrow().read(session))
                .isEqualTo(Reading.GOOD);
    }

    @Test
    void a_signal_that_cannot_be_set_up_slows_with_its_reason_unless_it_is_ignored() throws SQLException {
        server.execute("REVOKE SELECT ON pg_stat_statements FROM public", "CREATE ROLE sees_nothing");
        try {
            session.createStatement().execute("SET ROLE sees_nothing");
            Signals.Place place = new Signals.Place(server.url(), "pitstop:blog:backfill", "posts", 0.2);

            Signal statements = Signals.of(session, place, Set.of("latency"), new Usual()).stream()
                    .filter(signal -> signal.name().equals("statements"))
                    .findFirst()
                    .orElseThrow();

            assertThat(statements.read(session))
                    .isEqualTo(Reading.slow(
                            "statements cannot be read: permission denied for view" + " pg_stat_statements"));
            assertThat(Signals.of(session, place, Set.of("latency", "statements"), new Usual()))
                    .extracting(Signal::name)
                    .contains("commits")
                    .doesNotContain("latency", "statements");
        } finally {
            server.execute("DROP ROLE sees_nothing");
        }
    }

    @Test
    void a_disk_that_fills_slows_and_then_stops() {
        assertThat(Disk.judge(100_000, 200_000)).isEqualTo(Reading.GOOD);
        assertThat(Disk.judge(7_000, 200_000).level()).isEqualTo(Level.SLOW);
        assertThat(Disk.judge(3_000, 200_000)).isEqualTo(Reading.stop("the server's disk has 3000 MB left"));
        assertThat(Disk.judge(300, 1_000).level()).isEqualTo(Level.SLOW);
        assertThat(Disk.judge(200, 1_000).level()).isEqualTo(Level.STOP);
    }

    @Test
    void the_disk_of_a_server_on_this_machine_can_be_read() throws SQLException {
        assertThat(Disk.of(session, server.url())).isPresent();
        assertThat(Disk.of(session, "jdbc:postgresql://db.example.com/blog")).isEmpty();
    }

    private List<Signal> gauges() throws SQLException {
        return Gauges.of(session, "posts", "pitstop:blog:backfill", 0.2);
    }

    private Reading read(String name) throws SQLException {
        Signal signal = gauges().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return signal.read(session);
    }

    private Reading await(String name, Level level) throws SQLException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        Reading reading = read(name);
        while (reading.level() != level && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            reading = read(name);
        }
        assertThat(reading.level()).as(name + ": " + reading.reason()).isEqualTo(level);
        return reading;
    }

    /** A session of the application, with a name of its own. */
    private Connection application() throws SQLException {
        Connection connection = server.connect();
        connection.createStatement().execute("SET application_name = 'blog-blue'");
        return connection;
    }

    private static CompletableFuture<Void> run(Connection connection, String sql) {
        return CompletableFuture.runAsync(() -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Moves the end of the WAL on by so many files of 16 MB. */
    private void writeAhead(int files) {
        for (int i = 0; i < files; i++) {
            server.execute("SELECT pg_logical_emit_message(false, 'x', 'y')", "SELECT pg_switch_wal()");
        }
    }

    /** A replica that never says how far it is. */
    private Connection replica() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "postgres");
        PGProperty.REPLICATION.set(properties, "true");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.APPLICATION_NAME.set(properties, "reader");
        return DriverManager.getConnection(server.url(), properties);
    }

    private PGReplicationStream stream(Connection line) throws SQLException {
        String position = server.query("SELECT pg_current_wal_lsn()");
        return line.unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .physical()
                .withSlotName("reader")
                .withStartPosition(LogSequenceNumber.valueOf(position))
                .withStatusInterval(1, java.util.concurrent.TimeUnit.HOURS)
                .start();
    }
}
