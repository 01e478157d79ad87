package io.pitstop.release;

import io.pitstop.error.DependencyFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The rows behind the leases of one release. */
final class LeaseTable {
    private static final Duration LEFTOVERS_END_WITHIN = Duration.ofSeconds(5);

    /** Longer than any transaction of the living holds the row of its lease, but for the long ones of migrations. */
    private static final Duration LOCK_WITHIN = Duration.ofSeconds(3);

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String MINE = " WHERE release = ? AND step = ? AND token = ?";

    private final Connection connection;
    private final Release release;
    private final String step;

    LeaseTable(Connection connection, Release release, String step) {
        this.connection = connection;
        this.release = release;
        this.step = step;
    }

    /**
     * Makes the lease ours if nobody alive has it.
     *
     * @param seize take it from the living too
     * @return the new token; empty if somebody alive has the lease
     */
    Optional<Long> claim(Actor actor, boolean seize) throws SQLException {
        connection.setAutoCommit(false);
        try {
            limitWaits();
            queueUp();
            if (isHeldByTheLiving("") && !seize) {
                return Optional.empty();
            }
            // A transaction that a dead holder left open, with the lease in it, would be waited for until TCP gives up.
            endLeftovers();
            if (isHeldByTheLiving(" FOR UPDATE OF l") && !seize) {
                return Optional.empty();
            }
            long token = write(actor);
            connection.commit();
            return Optional.of(token);
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState()) && !seize) {
                return Optional.empty();
            }
            throw e;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Ends what a holder that died has left running in the server, so that its work and ours cannot mix. */
    void endLeftovers() throws SQLException {
        long deadline = System.nanoTime() + LEFTOVERS_END_WITHIN.toNanos();
        while (terminateLeftovers() > 0) {
            if (System.nanoTime() > deadline) {
                throw new DependencyFailed(
                        "Database sessions that an earlier " + step + " left behind do not end.",
                        "End the sessions named " + sessionName() + ", then run the step again.");
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /** The number of sessions that were still there. */
    private int terminateLeftovers() throws SQLException {
        // Within a transaction the server shows the sessions as it first saw them.
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_stat_clear_snapshot()");
        }
        String sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE application_name = ? AND usename = current_user AND pid <> pg_backend_pid()";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, sessionName());
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private String sessionName() {
        return "pitstop:" + release.application() + ":" + step;
    }

    boolean beat(long token) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE pitstop.leases SET heartbeat_at = clock_timestamp()" + MINE,
                        release.id(),
                        step,
                        token)
                == 1;
    }

    void release(long token) throws SQLException {
        Sql.update(connection, "DELETE FROM pitstop.leases" + MINE, release.id(), step, token);
    }

    /** Locks the lease until {@code transaction} ends; false if it is no longer that of {@code token}. */
    boolean lock(Connection transaction, long token) throws SQLException {
        // KEY SHARE lets the heartbeat pass, but makes a take-over wait for the transaction.
        String sql = "SELECT 1 FROM pitstop.leases" + MINE + " FOR KEY SHARE";
        try (PreparedStatement query = transaction.prepareStatement(sql)) {
            Sql.bind(query, release.id(), step, token);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Who has the lease, in words. */
    String holder() throws SQLException {
        String sql = "SELECT step, person, build, host, taken_at FROM pitstop.leases WHERE release = ? AND step = ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            Sql.bind(query, release.id(), step);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? LeaseHolder.from(rows).toString() : "somebody";
            }
        }
    }

    private void limitWaits() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '" + LOCK_WITHIN.toSeconds() + "s'");
        }
    }

    /** One after the other: of two that find no row to lock, the second would take the lease from the first. */
    private void queueUp() throws SQLException {
        String sql = "SELECT pg_advisory_xact_lock(hashtextextended('pitstop lease of ' || ? || ' ' || ?, 0))";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            Sql.bind(query, release.id(), step);
            query.executeQuery().close();
        }
    }

    private boolean isHeldByTheLiving(String lock) throws SQLException {
        String sql =
                "SELECT " + LeaseHolder.isAlive("l") + " FROM pitstop.leases l WHERE release = ? AND step = ?" + lock;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            Sql.bind(query, release.id(), step);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private long write(Actor actor) throws SQLException {
        String sql =
                "INSERT INTO pitstop.leases AS l (release, step, token, person, build, host, backend_pid, backend_start)"
                        + " SELECT ?, ?, nextval('pitstop.lease_tokens'), ?, ?, ?, pid, backend_start"
                        + " FROM pg_stat_activity WHERE pid = pg_backend_pid()"
                        + " ON CONFLICT (release, step) DO UPDATE SET token = excluded.token, person = excluded.person,"
                        + " build = excluded.build, host = excluded.host, backend_pid = excluded.backend_pid,"
                        + " backend_start = excluded.backend_start, taken_at = excluded.taken_at,"
                        + " heartbeat_at = excluded.heartbeat_at RETURNING token";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            Sql.bind(insert, release.id(), step, actor.person(), actor.build(), actor.host());
            try (ResultSet rows = insert.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
