package io.pitstop.backfill.brake;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Checkpoints that the amount of WAL has forced, one soon after the other: writes then wait for the disk. */
final class Checkpoints implements Signal {
    private static final long WINDOW_NANOS = 60_000_000_000L;
    private static final int MANY = 3;

    private final String sql;
    private final Deque<Long> forced = new ArrayDeque<>();
    private long last = -1;

    Checkpoints(int serverVersion) {
        this.sql = serverVersion >= 170_000
                ? "SELECT num_requested FROM pg_stat_checkpointer"
                : "SELECT checkpoints_req FROM pg_stat_bgwriter";
    }

    @Override
    public String name() {
        return "checkpoints";
    }

    @Override
    public boolean isForOthers() {
        return true;
    }

    @Override
    public Reading read(Connection session) throws SQLException {
        long now = System.nanoTime();
        long count = Long.parseLong(Gauges.text(session, sql));
        for (long i = last < 0 ? count : last; i < count; i++) {
            forced.addLast(now);
        }
        last = count;
        while (!forced.isEmpty() && now - forced.getFirst() > WINDOW_NANOS) {
            forced.removeFirst();
        }
        return forced.size() < MANY
                ? Reading.GOOD
                : Reading.ease(forced.size() + " checkpoints were forced in the last minute");
    }
}
