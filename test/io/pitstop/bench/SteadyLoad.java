package io.pitstop.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * An application that sends 200 statements a second, four reads for each update, by key over the whole table. A statement
 * has its time by a schedule, and its latency counts from there: waiting for the one before does not hide.
 */
final class SteadyLoad implements AutoCloseable {
    private static final int SESSIONS = 8;
    private static final int PER_SECOND = 200;

    private final List<Thread> threads = new ArrayList<>();
    private final List<List<Sample>> samples = new ArrayList<>();
    private volatile boolean over;
    private volatile SQLException failure;

    SteadyLoad(BenchServer server, String database, String read, String write, long rows) {
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        for (int i = 0; i < SESSIONS; i++) {
            int number = i;
            List<Sample> own = new ArrayList<>();
            samples.add(own);
            Thread thread = new Thread(() -> {
                try (Connection session = server.connect(database);
                        Statement name = session.createStatement()) {
                    name.execute("SET application_name = 'blog-blue'");
                    send(session, read, write, new Schedule(start, number, rows), own);
                } catch (SQLException e) {
                    failure = e;
                }
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private record Schedule(long start, int number, long rows) {}

    /** A statement that was due at a moment of {@link System#nanoTime}, and how long it took from there. */
    private record Sample(long due, long took) {}

    /** Latencies in ms. */
    record Latency(int statements, double p50, double p99, double longest) {
        static final Latency NONE = new Latency(0, 0, 0, 0);
    }

    private void send(Connection session, String read, String write, Schedule schedule, List<Sample> own)
            throws SQLException {
        Random random = new Random(schedule.number);
        try (PreparedStatement reads = session.prepareStatement(read);
                PreparedStatement writes = session.prepareStatement(write)) {
            for (long i = schedule.number; !over; i += SESSIONS) {
                long due = schedule.start + i * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
                sleepUntil(due);
                PreparedStatement statement = random.nextInt(5) == 0 ? writes : reads;
                statement.setLong(1, 1 + (long) (random.nextDouble() * schedule.rows));
                statement.execute();
                own.add(new Sample(due, System.nanoTime() - due));
            }
        }
    }

    private static void sleepUntil(long due) {
        long left = due - System.nanoTime();
        if (left > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the load. */
    void end() throws SQLException {
        close();
        if (failure != null) {
            throw failure;
        }
    }

    /** What was due between two moments of {@link System#nanoTime}; only after the end. */
    Latency between(long from, long to) {
        long[] sorted = samples.stream()
                .flatMap(List::stream)
                .filter(sample -> sample.due - from >= 0 && to - sample.due > 0)
                .mapToLong(Sample::took)
                .sorted()
                .toArray();
        return new Latency(sorted.length, ms(sorted, 0.5), ms(sorted, 0.99), ms(sorted, 1));
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(30));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double ms(long[] sorted, double quantile) {
        int index = (int) Math.min(sorted.length - 1L, Math.round(quantile * sorted.length));
        return sorted.length == 0 ? 0 : Math.round(sorted[index] / 1e4) / 100.0;
    }
}
