package io.pitstop.archive;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Blockers;
import io.pitstop.database.Database;
import io.pitstop.database.LockPatience;
import io.pitstop.database.Pooling;
import io.pitstop.release.Lease;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Two sessions, one that changes things and one beside it, and the ways in which they are used. */
final class Work implements AutoCloseable {
    /** How values are written as text, whatever the role or the database is set to; and what we must not be kept from. */
    private static final String SETTINGS =
            """
            SELECT set_config('search_path', '', false), set_config('DateStyle', 'ISO, YMD', false),
                   set_config('IntervalStyle', 'postgres', false), set_config('extra_float_digits', '1', false),
                   set_config('bytea_output', 'hex', false), set_config('row_security', 'off', false),
                   set_config('check_function_bodies', 'off', false), set_config('pitstop.backfill', 'on', false),
                   set_config('plan_cache_mode', 'force_custom_plan', false)
            """;

    /** Limits that a role or a database may put on sessions of the application; ours are others. */
    private static final String UNLIMITED = "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN"
            + " ('idle_in_transaction_session_timeout', 'statement_timeout', 'lock_timeout', 'transaction_timeout')";

    private final Database database;
    private final Lease lease;
    private final Consumer<String> out;
    private final Connection session;
    private final Connection side;

    private Work(Database database, Lease lease, Consumer<String> out) {
        this.database = database;
        this.lease = lease;
        this.out = out;
        this.session = database.connect(lease.step());
        this.side = database.connect(lease.step());
    }

    /** Something done in a transaction. */
    interface Body<T> {
        T in(Connection transaction) throws SQLException;
    }

    /** The same without a result. */
    interface Action {
        void in(Connection transaction) throws SQLException;
    }

    static Work begin(Database database, Lease lease, Consumer<String> out) throws SQLException {
        Work work = new Work(database, lease, out);
        boolean begun = false;
        try {
            Pooling.refuse(database, work.side, lease.step());
            for (Connection session : List.of(work.session, work.side)) {
                Query.run(session, SETTINGS);
                Query.run(session, UNLIMITED);
            }
            begun = true;
            return work;
        } finally {
            if (!begun) {
                work.close();
            }
        }
    }

    Lease lease() {
        return lease;
    }

    DatabaseConfig limits() {
        return database.config();
    }

    /** A session with autocommit, for questions. */
    Connection side() {
        return side;
    }

    void say(String line) {
        out.accept(line);
    }

    /** A transaction that touches nothing of the application's. */
    void write(Action action) throws SQLException {
        within(Duration.ZERO, true, transaction -> {
            action.in(transaction);
            return true;
        });
    }

    /**
     * One batch: a transaction of at most {@code timeout} a statement that need not wait for the disk, because what it
     * did and the note of it are lost together or not at all.
     */
    <T> T batch(Duration timeout, Body<T> body) throws SQLException {
        return within(timeout, false, body);
    }

    /** Executes statements that need strong locks in one transaction, tried until all are free at once. */
    void patiently(String name, Action action) throws SQLException {
        LockPatience.Task task =
                new LockPatience.Task(name, what -> say(name + " " + what), () -> "Nothing of it was done.");
        new LockPatience(limits(), new Blockers(side), Database.pid(session), task)
                .untilFree(timeoutMs -> attempt(timeoutMs, action), () -> {});
    }

    /** Runs a statement that takes its time but lets readers and writers pass; it waits for its locks as long as it must. */
    void alone(String sql) throws SQLException {
        session.setAutoCommit(true);
        new Alone(session, lease).run(sql);
    }

    /** Counts rows; on a large table that takes a while. */
    long count(String sql) throws SQLException {
        session.setAutoCommit(true);
        return new Alone(session, lease).run(sql);
    }

    @Override
    public void close() {
        Database.close(session);
        Database.close(side);
    }

    private Optional<Boolean> attempt(long timeoutMs, Action action) throws SQLException {
        try {
            return Optional.of(transaction(timeoutMs, 0, true, transaction -> {
                action.in(transaction);
                return true;
            }));
        } catch (SQLException e) {
            if (LockPatience.isNotFree(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private <T> T within(Duration timeout, boolean durable, Body<T> body) throws SQLException {
        return transaction(limits().lockTimeout().toMillis(), timeout.toMillis(), durable, body);
    }

    private <T> T transaction(long lockMs, long statementMs, boolean durable, Body<T> body) throws SQLException {
        session.setAutoCommit(false);
        try {
            Query.run(
                    session,
                    "SELECT set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true),"
                            + " set_config('synchronous_commit', ?, true)",
                    lockMs + "ms",
                    statementMs + "ms",
                    durable ? "on" : "off");
            lease.ensureHeld(session);
            T result = body.in(session);
            session.commit();
            return result;
        } finally {
            leave();
        }
    }

    private void leave() throws SQLException {
        try {
            session.rollback();
        } finally {
            session.setAutoCommit(true);
        }
    }

    /** Sets what decides how values are written as text, until the transaction ends; returns how it was. */
    static List<String> settings(Connection transaction) throws SQLException {
        List<String> before = new ArrayList<>();
        for (String name :
                List.of("DateStyle", "IntervalStyle", "extra_float_digits", "bytea_output", "row_security")) {
            before.add(Query.text(transaction, "SELECT current_setting(?)", name));
        }
        set(transaction, List.of("ISO, YMD", "postgres", "1", "hex", "off"));
        return before;
    }

    /** Puts settings back as {@link #settings} gave them. */
    static void set(Connection transaction, List<String> values) throws SQLException {
        Query.run(
                transaction,
                "SELECT set_config('DateStyle', ?, true), set_config('IntervalStyle', ?, true),"
                        + " set_config('extra_float_digits', ?, true), set_config('bytea_output', ?, true),"
                        + " set_config('row_security', ?, true)",
                values.toArray());
    }

    /** Runs statements one after the other. */
    static void execute(Connection transaction, List<String> statements) throws SQLException {
        for (String statement : statements) {
            Query.run(transaction, statement);
        }
    }
}
