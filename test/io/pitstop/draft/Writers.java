package io.pitstop.draft;

import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sessions of applications that write at random, each to rows of its own and to some that all share. */
final class Writers implements AutoCloseable {
    private static final int SESSIONS = 4;
    /** Keys up to this one are written by all sessions. */
    static final int SHARED = 20;

    private static final String DEADLOCK = "40P01";
    private static final String FOREIGN_KEY = "23503";

    private final TestDatabase server;
    private final long seed;
    private final ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
    private boolean repeating;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Map<Long, Write> last = new HashMap<>();
    private final List<Future<Map<Long, Write>>> sessions = new ArrayList<>();

    /**
     * @param sql what an application executes; a semicolon at the end of a line ends a transaction
     * @param proof a query for true, as long as nobody writes to the row again
     */
    record Write(String sql, String proof) {}

    /** Both versions of an application. */
    interface Application {
        /** Something that one of the versions does to the row with this key, be it there or not. */
        Write write(Random random, long id);
    }

    Writers(TestDatabase server, long seed) {
        this.server = server;
        this.seed = seed;
    }

    /** An application that repeats what a deadlock ended, and what refers to a row that somebody deleted meanwhile. */
    Writers repeating() {
        repeating = true;
        return this;
    }

    /** Writes some by one session, as if before the release. */
    Writers before(Application version1, int writes) {
        Random random = new Random(seed);
        run(connection -> {
            for (int i = 0; i < writes; i++) {
                long id = SHARED + 1 + random.nextInt(400);
                write(connection, version1.write(random, id));
            }
            for (long id = 1; id <= SHARED; id++) {
                write(connection, version1.write(random, id));
            }
        });
        return this;
    }

    /** Begins to write as {@code application} does. */
    Writers begin(Application application) {
        over.set(false);
        last.clear();
        for (int session = 0; session < SESSIONS; session++) {
            int number = session;
            sessions.add(threads.submit(() -> session(number, application)));
        }
        return this;
    }

    /** Ends when each session has written enough. */
    Writers end() throws InterruptedException, ExecutionException, TimeoutException {
        over.set(true);
        for (Future<Map<Long, Write>> session : sessions) {
            last.putAll(session.get(60, TimeUnit.SECONDS));
        }
        sessions.clear();
        return this;
    }

    /** Writes whose row does not say any more what was written last to it. */
    List<Write> lost() {
        List<Write> lost = new ArrayList<>();
        run(connection -> {
            try (Statement statement = connection.createStatement()) {
                for (Write write : last.values()) {
                    try (var row = statement.executeQuery(write.proof)) {
                        if (!row.next() || !row.getBoolean(1)) {
                            lost.add(write);
                        }
                    }
                }
            }
        });
        return lost;
    }

    int written() {
        return last.size();
    }

    @Override
    public void close() {
        over.set(true);
        threads.shutdownNow();
    }

    private Map<Long, Write> session(int number, Application application) throws SQLException {
        Random random = new Random(seed * 31 + number);
        Map<Long, Write> mine = new HashMap<>();
        try (Connection connection = server.connect()) {
            for (int i = 0; i < 150 || !over.get(); i++) {
                if (random.nextInt(3) == 0) {
                    write(connection, application.write(random, 1 + random.nextInt(SHARED)));
                } else {
                    long id = SHARED + 1 + number + (long) SESSIONS * random.nextInt(120);
                    Write write = application.write(random, id);
                    if (write(connection, write) > 0) {
                        mine.put(id, write);
                    }
                }
            }
        }
        return mine;
    }

    private int write(Connection connection, Write write) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int rows = 0;
            for (String sql : write.sql.split(";\n")) {
                rows = statement.executeUpdate(sql);
            }
            return rows;
        } catch (SQLException e) {
            // Of two that insert the same row of a table with two keys one may fail at the key that ON CONFLICT does
            // not name.
            boolean lost = "23505".equals(e.getSQLState()) && write.sql.contains("ON CONFLICT (id)");
            if (lost || repeating && (DEADLOCK.equals(e.getSQLState()) || refersToDeleted(write, e))) {
                return write(connection, write);
            }
            throw new SQLException(write.sql + ": " + e.getMessage(), e.getSQLState(), e);
        }
    }

    /**
     * Whether a statement that takes a key from a table came too late for its row: it reads a row that is there, and
     * the foreign key is checked after another session has deleted it. No statement of a trigger does so: those begin
     * with a write to the row that they then refer to.
     */
    private static boolean refersToDeleted(Write write, SQLException e) {
        return FOREIGN_KEY.equals(e.getSQLState())
                && write.sql.startsWith("INSERT INTO ")
                && write.sql.contains(" SELECT id");
    }

    private void run(Work work) {
        try (Connection connection = server.connect()) {
            work.run(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private interface Work {
        void run(Connection connection) throws SQLException;
    }
}
