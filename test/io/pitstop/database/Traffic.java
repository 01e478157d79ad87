package io.pitstop.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The application: runs one statement again and again, and remembers how long each took and what failed. */
public final class Traffic implements AutoCloseable {
    private static final int ENOUGH = 10;

    private final Queue<Double> millis = new ConcurrentLinkedQueue<>();
    private final Set<String> failures = new ConcurrentSkipListSet<>();
    private final Connection connection;
    private final String sql;
    private final Thread thread;
    private volatile boolean over;

    private Traffic(Connection connection, String sql) {
        this.connection = connection;
        this.sql = sql;
        this.thread = new Thread(this::run, "traffic");
        thread.start();
    }

    /** Begins, in a session named blog-blue, and returns once the statement is prepared in the server. */
    public static Traffic of(TestDatabase server, String sql) throws SQLException {
        return of(server, sql, "postgres");
    }

    /** The same, with the rights of {@code role}. */
    public static Traffic of(TestDatabase server, String sql, String role) throws SQLException {
        String session = "?user=postgres&password=postgres&ApplicationName=blog-blue&options=-c%20role%3D" + role;
        Traffic traffic = new Traffic(DriverManager.getConnection(server.url() + session), sql);
        traffic.await(ENOUGH);
        return traffic;
    }

    /** What went wrong so far, in the server's words. */
    public Set<String> failures() {
        return Set.copyOf(failures);
    }

    public double longestMs() {
        return millis.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    public double medianMs() {
        return millis.stream().sorted().skip(millis.size() / 2).findFirst().orElseThrow();
    }

    /** Returns once the statement ran {@code times} times more. */
    public void await(int times) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        int wanted = millis.size() + times;
        while (millis.size() < wanted) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the application hangs in " + sql);
            }
            LockSupport.parkNanos(1_000_000);
        }
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

    private void run() {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            while (!over) {
                long start = System.nanoTime();
                execute(statement);
                millis.add((System.nanoTime() - start) / 1e6);
                Thread.sleep(1);
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(PreparedStatement statement) {
        try {
            statement.execute();
        } catch (SQLException e) {
            failures.add(Database.message(e));
        }
    }
}
