package io.pitstop.backfill.crew;

import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.backfill.file.BatchStatement;
import io.pitstop.backfill.file.BatchStatement.Bound;
import io.pitstop.backfill.range.Claim;
import io.pitstop.backfill.range.FailedRow;
import io.pitstop.backfill.range.Failures;
import io.pitstop.backfill.range.Ranges;
import io.pitstop.backfill.walk.Position;
import io.pitstop.backfill.walk.Span;
import io.pitstop.backfill.walk.Walk;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Database;
import io.pitstop.database.Mark;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Fills a few rows and notes that it did, in one transaction. */
public final class Batch {
    /** Classes of errors that are a row's own: data, constraints, what triggers raise. Others are the statement's. */
    private static final Set<String> OF_A_ROW = Set.of("21", "22", "23", "44", "P0");

    /** How long a statement on a single row may take: it cannot be made smaller, but a runaway one ends. */
    private static final Duration SINGLE_ROW_TIMEOUT = Duration.ofSeconds(30);

    /** A node that is lost or frozen in the middle of a transaction keeps its locks for no longer. */
    private static final String END_IF_IDLE = "set_config('idle_in_transaction_session_timeout', '5s', true)";

    /** Rows that a policy hides from us would be left as they are, and nobody told: it is an error instead. */
    private static final String ALL_ROWS = "set_config('row_security', 'off', true)";

    /** A batch that looks its rows up in another table would write that to the disk each time, at 4 MB. */
    private static final String WORK_MEMORY = "set_config('work_mem',"
            + " greatest(pg_size_bytes(current_setting('work_mem')) / 1024, 32 * 1024) || 'kB', true)";

    /**
     * A short batch finds its few rows in another table by an index. By what a disk that turns would cost, the default, the
     * server would rather read all of that table from some hundred rows on, which takes many times as long as the batch may.
     */
    private static final String BY_INDEX =
            "set_config('random_page_cost', least(current_setting('random_page_cost')::float8, 1.1)::text, true)";

    private static final int LONGEST_ERROR = 500;

    private final Connection session;
    private final BackfillFile file;
    private final Walk walk;
    private final DatabaseConfig limits;
    private final Lease lease;
    private final List<BatchStatement> statements;
    private final Ranges ranges;
    private final Failures failures;

    public Batch(Connection session, BackfillFile file, Walk walk, DatabaseConfig limits, Lease lease) {
        this.session = session;
        this.file = file;
        this.walk = walk;
        this.limits = limits;
        this.lease = lease;
        this.statements = file.statements(walk.columns());
        this.ranges = new Ranges(lease.release().id(), file.name());
        this.failures = new Failures(lease.release().id(), file.name());
    }

    public Connection session() {
        return session;
    }

    /**
     * Fills {@code span}, which lies in the range of {@code claim}.
     *
     * @param beside an application works on the database, too: the batch is a short one, and waits until it is on the disk,
     *     as what has piled up there is what the next commit of the application would wait for
     * @throws DependencyFailed if the lease was lost
     * @throws io.pitstop.error.MoveRefused if the release was abandoned
     */
    Outcome fill(Claim claim, Span span, boolean beside) throws SQLException {
        session.setAutoCommit(false);
        try {
            return fillHeld(claim, span, beside);
        } catch (SQLException e) {
            // The notes of a batch are held to its time, too: a server that stalls in them is no reason to end the run.
            if (!FailedRow.isInTheWay(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            return Outcome.failed(failure(statements.get(0), span, e));
        } finally {
            leaveTransaction();
        }
    }

    private Outcome fillHeld(Claim claim, Span span, boolean beside) throws SQLException {
        settle(span, beside);
        if (!ranges.hold(session, claim)) {
            ensureWanted();
            return Outcome.LOST;
        }
        Outcome done = execute(span);
        if (!done.committed()) {
            return done;
        }
        if (beside && done.rows() == 0) {
            leaveToServer();
        }
        double seconds = done.worked().toNanos() / 1e9;
        ranges.advance(session, claim, span.to(), new Ranges.Step(span.rows(), done.rows(), seconds));
        long end = System.nanoTime();
        session.commit();
        return Outcome.committed(done.rows(), done.worked(), Duration.ofNanos(System.nanoTime() - end));
    }

    /** Goes on without a row that cannot be filled; false if the range is not ours any more. */
    boolean setAside(Claim claim, Span span, FailedRow failure) throws SQLException {
        session.setAutoCommit(false);
        try {
            endIfIdle();
            if (!ranges.hold(session, claim)) {
                ensureWanted();
                return false;
            }
            failures.add(session, failure);
            ranges.advance(session, claim, span.to(), new Ranges.Step(span.rows(), 0, 0));
            session.commit();
            return true;
        } finally {
            leaveTransaction();
        }
    }

    /** Tries a row that was set aside once more. */
    public Outcome retry(FailedRow row) throws SQLException {
        session.setAutoCommit(false);
        try {
            Span span = new Span(row.key(), row.key(), 1, row.unit());
            settle(span, false);
            ensureWanted();
            Outcome done = execute(span);
            if (done.committed()) {
                failures.remove(session, row.key());
                session.commit();
            }
            return done;
        } finally {
            leaveTransaction();
        }
    }

    /** Writes to the journal in a transaction of its own, which fails unless the lease is ours until it commits. */
    public void note(Note note) throws SQLException {
        session.setAutoCommit(false);
        try {
            endIfIdle();
            ensureWanted();
            note.write(session);
            session.commit();
        } finally {
            leaveTransaction();
        }
    }

    private void ensureWanted() throws SQLException {
        lease.ensureHeld(session);
        ranges.refuseAbandoned(session);
    }

    private void endIfIdle() throws SQLException {
        try (PreparedStatement setting = session.prepareStatement("SELECT " + END_IF_IDLE)) {
            setting.executeQuery().close();
        }
    }

    /** Something to write to the journal. */
    public interface Note {
        void write(Connection transaction) throws SQLException;
    }

    /**
     * In the transaction, as a pooler may give each transaction to another session of the server. Not waiting for the
     * disk is safe because the note of the batch is lost with the batch or not at all; the setting of our own switches
     * the dual-write triggers off, which would write old columns back from new ones.
     */
    private void settle(Span span, boolean beside) throws SQLException {
        String sql = "SELECT set_config('synchronous_commit', ?, true), set_config('pitstop.backfill', 'on', true),"
                + " set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true),"
                + " set_config('plan_cache_mode', 'force_custom_plan', true), " + ALL_ROWS + ", " + WORK_MEMORY + ", "
                + END_IF_IDLE
                + (beside ? ", " + BY_INDEX : "");
        try (PreparedStatement settings = session.prepareStatement(sql)) {
            settings.setString(1, beside ? "local" : "off");
            settings.setString(2, limits.lockTimeout().toMillis() + "ms");
            settings.setString(3, timeout(span).toMillis() + "ms");
            settings.executeQuery().close();
        }
    }

    /** Nothing has piled up for the disk: a file that finds most rows done need not wait for it at every look. */
    private void leaveToServer() throws SQLException {
        try (PreparedStatement setting =
                session.prepareStatement("SELECT set_config('synchronous_commit', 'off', true)")) {
            setting.executeQuery().close();
        }
    }

    /** All statements together get the time of one: the first holds its rows until the last has ended. */
    private Outcome execute(Span span) throws SQLException {
        long rows = 0;
        long began = System.nanoTime();
        for (BatchStatement statement : statements) {
            try (PreparedStatement batch = session.prepareStatement(Mark.on(statement.sql()))) {
                bind(batch, statement, span);
                if (statement != statements.get(0)) {
                    limit(timeout(span).minusNanos(System.nanoTime() - began));
                }
                batch.execute();
                rows += Math.max(0, batch.getUpdateCount());
            } catch (SQLException e) {
                return Outcome.failed(failure(statement, span, e));
            }
        }
        return Outcome.committed(rows, Duration.ofNanos(System.nanoTime() - began), Duration.ZERO);
    }

    /** A server that was given no time at all would take as much as it likes. */
    private void limit(Duration left) throws SQLException {
        try (PreparedStatement setting = session.prepareStatement("SELECT set_config('statement_timeout', ?, true)")) {
            setting.setString(1, Math.max(1, left.toMillis()) + "ms");
            setting.executeQuery().close();
        }
    }

    /** Whoever wants a row of the batch waits for its end, and may not wait for longer than for any other lock. */
    private Duration timeout(Span span) {
        return span.isSingle() ? SINGLE_ROW_TIMEOUT : limits.lockTimeout();
    }

    private void bind(PreparedStatement batch, BatchStatement statement, Span span) throws SQLException {
        int columns = walk.columns().size();
        List<Bound> parameters = statement.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Position end = parameters.get(i) == Bound.FROM ? span.from() : span.to();
            walk.bind(batch, i + 1, end, i % columns);
        }
    }

    /** @throws PitstopException if a smaller batch would fail for the same reason */
    private FailedRow failure(BatchStatement statement, Span span, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String error = Database.message(e);
        boolean ofARow = state.length() == 5 && OF_A_ROW.contains(state.substring(0, 2));
        if (FailedRow.isInTheWay(state) || ofARow) {
            String words = error.length() > LONGEST_ERROR ? error.substring(0, LONGEST_ERROR) + "…" : error;
            return new FailedRow(span.from(), span.unit(), statement.line(), state, words);
        }
        String message = file.path() + ":" + statement.line() + ": " + error + " (" + state + ") in " + file.table()
                + " at " + span + ". This batch was rolled back, those before it stay.";
        throw Database.isOutside(e)
                ? new DependencyFailed(message, "Mend the cause, then run the step again to go on.", e)
                : new InvalidConfig(message, "Correct the statement, then run the step again.", e);
    }

    private void leaveTransaction() {
        try {
            session.rollback();
            session.setAutoCommit(true);
        } catch (SQLException e) {
            // The session is gone, and what was under way in it has failed with a better message.
            return;
        }
    }
}
