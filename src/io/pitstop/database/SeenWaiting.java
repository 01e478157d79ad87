package io.pitstop.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Since when sessions have been seen to wait, for a server that does not say when a wait began. A wait counts from the
 * first look that finds it, so it appears shorter than it is, by no more than lies between two looks.
 */
final class SeenWaiting implements AutoCloseable {
    private final PreparedStatement query;
    private Map<Waiting, Long> since = Map.of();

    /** @param side a session with autocommit that nobody else uses meanwhile */
    SeenWaiting(Connection side) throws SQLException {
        this.query = side.prepareStatement("SELECT DISTINCT pid, virtualtransaction FROM pg_locks WHERE NOT granted");
    }

    private record Waiting(int pid, String transaction) {}

    /** @param millis how long the session with the process id in the same place has been seen to wait */
    record Times(int[] pids, double[] millis) {}

    /** Looks who waits now; who did at the last look, and in the same transaction, has waited since. */
    Times look() throws SQLException {
        long now = System.nanoTime();
        Map<Waiting, Long> found = new HashMap<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                Waiting waiting = new Waiting(rows.getInt(1), rows.getString(2));
                found.put(waiting, since.getOrDefault(waiting, now));
            }
        }
        since = found;
        return new Times(
                found.keySet().stream().mapToInt(Waiting::pid).toArray(),
                found.values().stream()
                        .mapToDouble(began -> (now - began) / 1e6)
                        .toArray());
    }

    @Override
    public void close() throws SQLException {
        query.close();
    }
}
