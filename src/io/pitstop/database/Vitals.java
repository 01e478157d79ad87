package io.pitstop.database;

import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;

/**
 * How the database is while a step works on it, for graphs and alerts. Each look is a handful of reads of statistics, in a
 * session of its own, without a transaction between them.
 *
 * <p>What the role may not see counts as not there: {@code pg_monitor} lets it see all.
 */
public final class Vitals implements AutoCloseable, Runnable {
    private static final int WITH_WAIT_START = 140_000;

    /** The extension is created but not loaded, or not for us to see. */
    private static final Set<String> NOT_TO_BE_HAD = Set.of("55000", "42501");

    /** Of a server that is gone without a word, too. */
    private static final int ANSWER_WITHIN_MS = 5_000;

    private final Database database;
    private final Meters meters;
    private Connection session;
    private boolean waitStarts;
    private Optional<String> statements = Optional.empty();
    private Counts before;

    public Vitals(Database database, Meters meters) {
        this.database = database;
        this.meters = meters;
    }

    private record Counts(long hits, long reads, long calls, double ms) {}

    /** Looks once, and leaves it at that while the database cannot be asked: the step itself says it better. */
    @Override
    public void run() {
        try {
            look();
        } catch (PitstopException unanswered) {
            return;
        }
    }

    /**
     * Looks once; the first look opens the session, and so does the one after a failure.
     *
     * @throws PitstopException if the database cannot be asked
     */
    public synchronized void look() {
        try {
            if (session == null) {
                open();
            }
            try (Statement statement = session.createStatement()) {
                sessions(statement);
                waits(statement);
                server(statement);
                tables(statement);
                deltas(statement);
            }
        } catch (SQLException e) {
            close();
            throw Database.failure(e);
        }
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            Database.close(session);
            session = null;
        }
    }

    private void open() throws SQLException {
        session = database.connect("metrics");
        session.setAutoCommit(true);
        session.setNetworkTimeout(Runnable::run, ANSWER_WITHIN_MS);
        try (Statement statement = session.createStatement()) {
            statement.execute("SET statement_timeout = '2s'");
            waitStarts = number(statement, "SELECT current_setting('server_version_num')::int") >= WITH_WAIT_START;
        }
        statements = StatementStatistics.schema(session);
    }

    private void sessions(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FILTER (WHERE state = 'active'),"
                + " count(*) FILTER (WHERE state LIKE 'idle in transaction%'), count(*) FILTER (WHERE state = 'idle'),"
                + " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
                + " - count(*), coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)"
                + " FILTER (WHERE application_name NOT LIKE 'pitstop:%')), 0)"
                + " FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
            row.next();
            meters.set(Meter.DATABASE_SESSIONS, row.getLong(1), "active");
            meters.set(Meter.DATABASE_SESSIONS, row.getLong(2), "idle in transaction");
            meters.set(Meter.DATABASE_SESSIONS, row.getLong(3), "idle");
            meters.set(Meter.DATABASE_SESSIONS_LEFT, row.getLong(4));
            meters.set(Meter.DATABASE_TRANSACTION_OLDEST, row.getDouble(5));
        }
    }

    private void waits(Statement statement) throws SQLException {
        // Before version 14 nobody notes when a wait began: it cannot have begun before its statement.
        String since = waitStarts ? "waitstart" : "query_start";
        try (ResultSet row = statement.executeQuery("SELECT count(*), coalesce(extract(epoch FROM"
                + " max(clock_timestamp() - " + since + ")), 0) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                + " WHERE NOT granted")) {
            row.next();
            meters.set(Meter.DATABASE_WAITING, row.getLong(1));
            meters.set(Meter.DATABASE_WAIT_LONGEST, row.getDouble(2));
        }
    }

    private void server(Statement statement) throws SQLException {
        if (number(statement, "SELECT pg_is_in_recovery()::int") > 0) {
            return;
        }
        meters.set(Meter.DATABASE_WAL, number(statement, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"));
        meters.set(
                Meter.DATABASE_REPLICA_LAG,
                number(
                        statement,
                        "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)"
                                + " FROM pg_stat_replication"));
    }

    private void tables(Statement statement) throws SQLException {
        meters.set(
                Meter.DATABASE_DEAD, number(statement, "SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables"));
        meters.set(Meter.INDEXES_INVALID, number(statement, "SELECT count(*) FROM pg_index WHERE NOT indisvalid"));
    }

    private void deltas(Statement statement) throws SQLException {
        Counts now;
        try (ResultSet row = statement.executeQuery("SELECT blks_hit, blks_read, temp_bytes FROM pg_stat_database"
                + " WHERE datname = current_database()")) {
            row.next();
            meters.set(Meter.DATABASE_TEMP, row.getDouble(3));
            long hits = row.getLong(1);
            long reads = row.getLong(2);
            now = counted(hits, reads);
        }
        if (before != null) {
            share(now);
        }
        before = now;
    }

    private Counts counted(long hits, long reads) throws SQLException {
        if (statements.isEmpty()) {
            return new Counts(hits, reads, 0, 0);
        }
        try (PreparedStatement sums = session.prepareStatement(
                        "SELECT sum(calls), sum(total_exec_time) FROM " + statements.get() + ".pg_stat_statements"
                                + " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())");
                ResultSet row = sums.executeQuery()) {
            row.next();
            return new Counts(hits, reads, row.getLong(1), row.getDouble(2));
        } catch (SQLException e) {
            if (!NOT_TO_BE_HAD.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            statements = Optional.empty(); // all other figures are there
            return new Counts(hits, reads, 0, 0);
        }
    }

    private void share(Counts now) {
        long blocks = now.hits + now.reads - before.hits - before.reads;
        if (blocks > 0) {
            meters.set(Meter.DATABASE_CACHE_HITS, (double) (now.hits - before.hits) / blocks);
        }
        if (now.calls > before.calls) {
            meters.set(Meter.DATABASE_STATEMENT, (now.ms - before.ms) / (now.calls - before.calls) / 1_000);
        }
    }

    private static double number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getDouble(1);
        }
    }
}
