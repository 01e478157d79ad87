package io.pitstop.migration;

import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The application: reads one row again and again, and remembers how long each read took. */
final class Readers implements AutoCloseable {
    private final Queue<Double> waitsMs = new ConcurrentLinkedQueue<>();
    private final Connection connection;
    private final Thread thread;
    private volatile boolean over;

    Readers(TestDatabase server) {
        connection = server.database().connect("reader");
        thread = new Thread(this::read, "reader");
        thread.start();
    }

    /** The longest read so far. */
    double longestMs() {
        return waitsMs.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    double medianMs() {
        return waitsMs.stream().sorted().skip(waitsMs.size() / 2).findFirst().orElseThrow();
    }

    @Override
    public void close() throws SQLException {
        over = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        connection.close();
    }

    private void read() {
        try (PreparedStatement query = connection.prepareStatement("SELECT id FROM posts WHERE id = 1")) {
            while (!over) {
                long start = System.nanoTime();
                query.executeQuery().close();
                waitsMs.add((System.nanoTime() - start) / 1e6);
                Thread.sleep(1);
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
