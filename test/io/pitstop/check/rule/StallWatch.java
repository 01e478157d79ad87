package io.pitstop.check.rule;

import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Measures in the server how long anybody waits for locks of one session, so that a busy machine does not count. */
final class StallWatch implements AutoCloseable {
    /** Before version 14 nobody notes when a wait began: its statement began a little earlier. */
    private static final String BEGAN = TestDatabase.version() < 14 ? "query_start" : "waitstart";

    private static final String LONGEST = "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - " + BEGAN
            + ")), 0) * 1000 FROM pg_locks JOIN pg_stat_activity USING (pid)"
            + " WHERE NOT granted AND ? = ANY (pg_blocking_pids(pid))";

    private final Connection side;
    private final int pid;
    private final Thread thread = new Thread(this::watch, "stall watch");
    private volatile double longestMs;
    private volatile boolean over;

    private StallWatch(Connection side, int pid) {
        this.side = side;
        this.pid = pid;
        thread.start();
    }

    static StallWatch of(Connection session, TestDatabase server) throws SQLException {
        return new StallWatch(server.connect(), Database.pid(session));
    }

    double longestMs() {
        return longestMs;
    }

    @Override
    public void close() throws SQLException {
        over = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        side.close();
    }

    private void watch() {
        try (PreparedStatement query = side.prepareStatement(LONGEST)) {
            query.setInt(1, pid);
            while (!over) {
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    longestMs = Math.max(longestMs, row.getDouble(1));
                }
                Thread.sleep(1);
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
