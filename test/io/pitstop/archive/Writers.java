package io.pitstop.archive;

import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The application: writes posts all the time, in all ways; it stops when its column is gone. */
final class Writers implements AutoCloseable {
    /** Two wrote the same row: the application tries again. */
    private static final Set<String> TRY_AGAIN = Set.of("40001", "40P01");

    private static final String COLUMN_GONE = "42703";

    private final TestDatabase server;
    private final boolean withAuthor;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger nextId = new AtomicInteger();
    final AtomicInteger written = new AtomicInteger();
    final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    /** @param withAuthor writes the column author, and the keys too */
    Writers(TestDatabase server, int firstId, boolean withAuthor) {
        this.server = server;
        this.withAuthor = withAuthor;
        nextId.set(firstId);
        for (int i = 0; i < 4; i++) {
            Random random = new Random(i);
            boolean repeatable = i % 2 == 1;
            Thread thread = new Thread(() -> write(random, repeatable), "writer " + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** Returns once {@code transactions} more were committed. */
    void await(int transactions) throws InterruptedException {
        int wanted = written.get() + transactions;
        for (int i = 0; i < 6_000 && written.get() < wanted && failures.isEmpty(); i++) {
            Thread.sleep(10);
        }
    }

    /** Stops; what was begun is finished. */
    void end() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(20_000);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        end();
    }

    private void write(Random random, boolean repeatable) {
        String url = server.url() + "?user=postgres&password=postgres&ApplicationName=blog-green";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(
                    repeatable ? Connection.TRANSACTION_REPEATABLE_READ : Connection.TRANSACTION_READ_COMMITTED);
            while (!over) {
                try {
                    change(statement, random);
                    if (random.nextInt(10) == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                        written.incrementAndGet();
                    }
                } catch (SQLException e) {
                    connection.rollback();
                    if (COLUMN_GONE.equals(e.getSQLState()) && withAuthor) {
                        return;
                    }
                    if (!TRY_AGAIN.contains(e.getSQLState())) {
                        failures.add(e.getMessage());
                        return;
                    }
                }
                Thread.sleep(1);
            }
        } catch (SQLException | InterruptedException e) {
            failures.add(e.toString());
        }
    }

    private void change(Statement statement, Random random) throws SQLException {
        int id = random.nextInt(Math.max(1, nextId.get()));
        int fresh = nextId.getAndIncrement();
        String author = random.nextInt(5) == 0 ? "NULL" : "'a" + random.nextInt() + "'";
        int kind = random.nextInt(10);
        if (!withAuthor) {
            statement.execute(
                    kind < 7
                            ? "UPDATE posts SET title = 'n' WHERE id = " + id
                            : kind < 8
                                    ? "DELETE FROM posts WHERE id = " + id
                                    : "INSERT INTO posts (id, title) VALUES (" + fresh + ", 't')");
        } else if (kind < 6) {
            statement.execute("UPDATE posts SET author = " + author + " WHERE id = " + id);
        } else if (kind < 7) {
            statement.execute("UPDATE posts SET id = " + fresh + " WHERE id = " + id);
        } else if (kind < 8) {
            statement.execute("DELETE FROM posts WHERE id = " + id);
        } else {
            statement.execute("INSERT INTO posts (id, author) VALUES (" + fresh + ", " + author + ")");
        }
    }
}
