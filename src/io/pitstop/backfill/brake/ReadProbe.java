package io.pitstop.backfill.brake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * How long a point read of the table takes: what an application would notice first. Compared with what it took before
 * the backfill began.
 */
final class ReadProbe implements Signal {
    private static final int BEFORE = 40;
    private static final int EACH = 4;
    private static final int RECENT = 40;
    private static final double TIMES = 4;
    private static final double LEAST_MS = 5;

    private final String sql;
    private final long pages;
    private final Random random = new Random(7);
    private final Deque<Double> recent = new ArrayDeque<>();
    private final double limitMs;

    /** @param table as its name is written in SQL */
    ReadProbe(Connection session, String table) throws SQLException {
        this.sql = "SELECT 1 FROM " + table + " WHERE ctid = ?::tid";
        this.pages = Math.max(1, pages(session, table));
        for (int i = 0; i < BEFORE; i++) {
            look(session);
        }
        this.limitMs = Math.max(LEAST_MS, TIMES * slow());
        recent.clear();
    }

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public boolean isForOthers() {
        return true;
    }

    @Override
    public Reading read(Connection session) throws SQLException {
        for (int i = 0; i < EACH; i++) {
            look(session);
        }
        double ms = slow();
        return ms <= limitMs
                ? Reading.GOOD
                : Reading.slow(
                        String.format(java.util.Locale.ROOT, "point reads take %.1f ms, more than %.1f", ms, limitMs));
    }

    private void look(Connection session) throws SQLException {
        long began = System.nanoTime();
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, "(" + (long) (random.nextDouble() * pages) + ",1)");
            query.executeQuery().close();
        }
        recent.addLast((System.nanoTime() - began) / 1e6);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    /** Nine of ten recent reads took less, in ms. */
    private double slow() {
        double[] sorted =
                recent.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(sorted.length - 1) * 9 / 10];
    }

    private static long pages(Connection session, String table) throws SQLException {
        String sql = "SELECT pg_relation_size(?::regclass) / current_setting('block_size')::int";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
