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
import java.sql.ResultSet;
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
     * @param beside an application works on the database, too: the batch is a short one
     * @param waits whether to wait until it is on the disk, as what piles up for that is what the next commit of an
     *     application would wait for
     * @throws DependencyFailed if the lease was lost
     * @throws io.pitstop.error.MoveRefused if the release was abandoned
     */
    Outcome fill(Claim claim, Span span, boolean beside, boolean waits) throws SQLException {
        session.setAutoCommit(false);
        try {
            Outcome done = execute(claim, span, beside);
            if (done.isLost()) {
                ensureWanted();
            }
            return done.committed() ? commit(claim, span, done, waits) : done;
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

    /**
     * What has to hold first goes with the first statement: beside an application a batch takes no longer than some round
     * trips. If it turns out not to hold, the transaction is rolled back.
     */
    private Outcome execute(Claim claim, Span span, boolean beside) throws SQLException {
        BatchStatement first = statements.get(0);
        String sql = BatchSettings.sql(beside) + "; " + Ranges.HOLD + "; " + BatchSettings.FOR_THIS_BATCH + "; "
                + Mark.on(first.sql());
        long began = System.nanoTime();
        long rows;
        try (PreparedStatement all = session.prepareStatement(sql)) {
            int next = ranges.bindHold(all, bindSettings(all, span), claim);
            bind(all, next, first, span);
            all.execute();
            all.getMoreResults();
            try (ResultSet held = all.getResultSet()) {
                if (!held.next()) {
                    return Outcome.LOST;
                }
            }
            all.getMoreResults();
            all.getMoreResults();
            rows = Math.max(0, all.getUpdateCount());
        } catch (SQLException e) {
            if (!Database.isOutside(e)) {
                // Who is not to fill these rows any more should hear that, and not what the statement ran into.
                session.rollback();
                ensureWanted();
            }
            return Outcome.failed(failure(first, span, e));
        }
        return execute(statements.subList(1, statements.size()), span, rows, began);
    }

    private Outcome commit(Claim claim, Span span, Outcome done, boolean waits) throws SQLException {
        Ranges.Step step =
                new Ranges.Step(span.rows(), done.rows(), done.worked().toNanos() / 1e9);
        String sql = BatchSettings.FOR_ANY_BATCH + "; " + Ranges.ADVANCE + "; COMMIT";
        long began = System.nanoTime();
        try (PreparedStatement all = session.prepareStatement(sql)) {
            all.setString(1, BatchSettings.commit(waits && done.rows() > 0));
            ranges.bindAdvance(all, 2, claim, span.to(), step);
            all.execute();
        }
        return Outcome.committed(done.rows(), done.worked(), Duration.ofNanos(System.nanoTime() - began));
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
            settle(span);
            ensureWanted();
            Outcome done = execute(statements, span, 0, System.nanoTime());
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

    private void settle(Span span) throws SQLException {
        String sql = BatchSettings.sql(false) + "; " + BatchSettings.FOR_THIS_BATCH;
        try (PreparedStatement all = session.prepareStatement(sql)) {
            bindSettings(all, span);
            all.execute();
        }
    }

    private int bindSettings(PreparedStatement statement, Span span) throws SQLException {
        return BatchSettings.bind(statement, limits.lockTimeout(), timeout(span));
    }

    private void ensureWanted() throws SQLException {
        lease.ensureHeld(session);
        ranges.refuseAbandoned(session);
    }

    private void endIfIdle() throws SQLException {
        try (PreparedStatement setting = session.prepareStatement("SELECT " + BatchSettings.END_IF_IDLE)) {
            setting.executeQuery().close();
        }
    }

    /** Something to write to the journal. */
    public interface Note {
        void write(Connection transaction) throws SQLException;
    }

    /** All statements together get the time of one: the first holds its rows until the last has ended. */
    private Outcome execute(List<BatchStatement> some, Span span, long before, long began) throws SQLException {
        long rows = before;
        for (BatchStatement statement : some) {
            try (PreparedStatement batch = session.prepareStatement(Mark.on(statement.sql()))) {
                bind(batch, 1, statement, span);
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

    private void bind(PreparedStatement batch, int first, BatchStatement statement, Span span) throws SQLException {
        int columns = walk.columns().size();
        List<Bound> parameters = statement.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Position end = parameters.get(i) == Bound.FROM ? span.from() : span.to();
            walk.bind(batch, first + i, end, i % columns);
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
