package io.pitstop.backfill.brake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Random;

/**
 * How long something takes that an application does all the time, compared with what it took before the backfill began:
 * what the application would notice first.
 */
final class Probe implements Signal {
    private static final int BEFORE = 40;
    private static final int EACH = 3;
    private static final int RECENT = 20;

    /** From then on somewhat less, and from then on as little as needed. */
    private static final double EASE_TIMES = 5;

    private static final double EASE_MS = 10;
    private static final double SLOW_TIMES = 10;
    private static final double SLOW_MS = 25;

    private final String name;
    private final String words;
    private final Look look;
    private final Deque<Double> recent = new ArrayDeque<>();
    private final double usualMs;

    private Probe(Connection session, Usual usual, Subject subject, Look look) throws SQLException {
        this.name = subject.signal;
        this.words = subject.words;
        this.look = look;
        this.usualMs = usual.ms(subject.toString(), () -> {
            for (int i = 0; i < BEFORE; i++) {
                measure(session);
            }
            return slow();
        });
        recent.clear();
    }

    private record Subject(String signal, String words, String table) {}

    private interface Look {
        void take(Connection session) throws SQLException;
    }

    /**
     * Point reads of a table.
     *
     * @param table as its name is written in SQL
     */
    static Probe ofReads(Connection session, Usual usual, String table) throws SQLException {
        String sql = "SELECT 1 FROM " + table + " WHERE ctid = ?::tid";
        long pages = Math.max(1, pages(session, table));
        Random random = new Random(7);
        return new Probe(session, usual, new Subject("latency", "point reads", table), some -> {
            try (PreparedStatement query = some.prepareStatement(sql)) {
                query.setString(1, "(" + (long) (random.nextDouble() * pages) + ",1)");
                query.executeQuery().close();
            }
        });
    }

    /** Commits that wait for the disk: the WAL of our batches is in front of them. */
    static Probe ofCommits(Connection session, Usual usual) throws SQLException {
        return new Probe(session, usual, new Subject("commits", "commits", ""), some -> {
            try (PreparedStatement write =
                    some.prepareStatement("SELECT pg_logical_emit_message(true, 'pitstop', '')")) {
                write.executeQuery().close();
            }
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isForOthers() {
        return true;
    }

    @Override
    public Reading read(Connection session) throws SQLException {
        for (int i = 0; i < EACH; i++) {
            measure(session);
        }
        double ms = slow();
        String reason = String.format(Locale.ROOT, "%s take %.1f ms, usually %.1f", words, ms, usualMs);
        if (ms > Math.max(SLOW_MS, SLOW_TIMES * usualMs)) {
            return Reading.slow(reason);
        }
        return ms > Math.max(EASE_MS, EASE_TIMES * usualMs) ? Reading.ease(reason) : Reading.GOOD;
    }

    private void measure(Connection session) throws SQLException {
        long began = System.nanoTime();
        look.take(session);
        recent.addLast((System.nanoTime() - began) / 1e6);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    /** Nine of ten recent ones took less, in ms. */
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
