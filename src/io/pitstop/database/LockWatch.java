package io.pitstop.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the longest time that a session of the application waited for a lock that a session of ours held, or stood
 * in the queue for.
 *
 * <p>It looks every few milliseconds, so a wait shorter than that may be missed, and a longer one appears that much
 * shorter than it was. Sessions are ours if their application_name begins with {@code pitstop:}.
 */
public final class LockWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(10);
    private static final long STOP_MILLIS = 5_000;
    private static final int SINCE_WAITSTART = 14;

    /** Cheap, since it is asked all the time; whom they wait for is asked only if somebody waits. */
    private static final String ANYBODY = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            + " AND datname = current_database() AND application_name NOT LIKE 'pitstop:%' LIMIT 1";

    private final Connection connection;
    private final String waits;
    private final Thread thread = new Thread(this::watch, "lock-watch");
    private volatile boolean stopping;
    private volatile Optional<Wait> longest = Optional.empty();
    private volatile Optional<SQLException> failure = Optional.empty();

    /**
     * One wait.
     *
     * @param seen when it was last seen
     * @param millis how long it had lasted by then
     * @param session application_name of the session that waited
     * @param statement what the waiting session wanted to do
     * @param ours application_name of our session that it waited for
     * @param ourStatement what our session did, or did last
     */
    public record Wait(Instant seen, long millis, String session, String statement, String ours, String ourStatement) {}

    private LockWatch(Connection connection) throws SQLException {
        this.connection = connection;
        // Before 14 nobody knows when a wait began; its statement began a little earlier.
        String began = connection.getMetaData().getDatabaseMajorVersion() >= SINCE_WAITSTART
                ? "(SELECT min(waitstart) FROM pg_locks WHERE pid = waiting.pid AND NOT granted)"
                : "waiting.query_start";
        waits = "SELECT extract(epoch FROM clock_timestamp() - " + began + ") * 1000, waiting.application_name,"
                + " waiting.query, ours.application_name, ours.query"
                + " FROM pg_stat_activity AS waiting"
                + " JOIN pg_stat_activity AS ours ON ours.pid = ANY (pg_blocking_pids(waiting.pid))"
                + " WHERE waiting.wait_event_type = 'Lock' AND waiting.datname = current_database()"
                + " AND waiting.application_name NOT LIKE 'pitstop:%' AND ours.application_name LIKE 'pitstop:%'"
                + " ORDER BY 1 DESC NULLS LAST LIMIT 1";
    }

    /** Watches from now on, in a session and a thread of its own. */
    public static LockWatch start(Database database) {
        Connection connection = database.connect("lock-watch");
        try {
            LockWatch watch = new LockWatch(connection);
            watch.thread.setDaemon(true);
            watch.thread.start();
            return watch;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /**
     * The longest wait so far.
     *
     * @throws io.pitstop.error.DependencyFailed if the watch went blind: it must not pass for "nobody waited"
     */
    public Optional<Wait> longest() {
        if (failure.isPresent()) {
            throw Database.failure(failure.get());
        }
        return longest;
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(STOP_MILLIS);
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private void watch() {
        // Prepared, since planning it anew would cost ten times what it does.
        try (PreparedStatement anybody = connection.prepareStatement(ANYBODY);
                PreparedStatement whom = connection.prepareStatement(waits)) {
            while (!stopping) {
                if (somebodyWaits(anybody)) {
                    look(whom);
                }
                LockSupport.parkNanos(EVERY.toNanos());
            }
        } catch (SQLException e) {
            failure = Optional.of(e);
        }
    }

    private static boolean somebodyWaits(PreparedStatement anybody) throws SQLException {
        try (ResultSet row = anybody.executeQuery()) {
            return row.next();
        }
    }

    private void look(PreparedStatement whom) throws SQLException {
        try (ResultSet row = whom.executeQuery()) {
            if (!row.next()) {
                return;
            }
            long millis = Math.round(row.getDouble(1)); // 0 in the instant before the server notes the beginning
            if (longest.isEmpty() || longest.get().millis() < millis) {
                longest = Optional.of(new Wait(
                        Instant.now(), millis, row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
            }
        }
    }
}
