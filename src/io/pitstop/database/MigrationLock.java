package io.pitstop.database;

import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the phases of one application apart: Flyway's own lock is one per history table, so it would let a contract run
 * beside an expand.
 */
public final class MigrationLock {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final String KEY = "hashtextextended('pitstop migrations of ' || ?, 0)";

    private MigrationLock() {}

    /**
     * Takes the lock for as long as the session lives.
     *
     * @throws MoveRefused if another session has it and keeps it for a while
     */
    public static void take(Connection session, String application) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!answer(session, "SELECT pg_try_advisory_lock(" + KEY + ")", application)
                    .equals("t")) {
                if (System.nanoTime() > deadline) {
                    throw new MoveRefused(
                            "Other migrations of " + application + " are running: " + holder(session, application)
                                    + ".",
                            "Wait until they are done, then run the step again.");
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting for other migrations of " + application);
        }
    }

    private static String holder(Connection session, String application) throws SQLException {
        String sql = "SELECT coalesce(max(application_name), 'a session that has just ended') FROM pg_locks"
                + " JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND objsubid = 1"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + " AND (classid::bigint << 32 | objid::bigint) = " + KEY;
        return answer(session, sql, application);
    }

    private static String answer(Connection session, String sql, String application) throws SQLException {
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, application);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
