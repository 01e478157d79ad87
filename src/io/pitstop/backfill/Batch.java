package io.pitstop.backfill;

import io.pitstop.backfill.BatchStatement.Bound;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Blockers;
import io.pitstop.database.Database;
import io.pitstop.database.Look;
import io.pitstop.database.Mark;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/** Fills one range of keys and notes that it did, in one transaction. */
final class Batch {
    /** Lock not available, deadlock, statement timeout, serialization failure: a smaller batch may get through. */
    private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01", "57014", "40001");

    /** How long a statement of a small batch may take: it cannot be made much smaller, but a runaway one ends. */
    private static final Duration SMALL_BATCH_TIMEOUT = Duration.ofSeconds(30);

    private final Connection session;
    private final Connection side;
    private final DatabaseConfig limits;
    private String inTheWay = "";

    /** @param side a session with autocommit, for questions about the one that fills */
    Batch(Connection session, Connection side, DatabaseConfig limits) {
        this.session = session;
        this.side = side;
        this.limits = limits;
    }

    Connection side() {
        return side;
    }

    DatabaseConfig limits() {
        return limits;
    }

    /** Who was in the way when the last single row failed, in words; empty if nobody was seen. */
    String inTheWay() {
        return inTheWay;
    }

    /**
     * Fills {@code range}.
     *
     * @return rows written; negative if somebody else's lock was in the way, and nothing was written
     */
    long fill(BackfillFile file, Keys.Range range, Checkpoint checkpoint, Lease lease) throws SQLException {
        session.setAutoCommit(false);
        try {
            settle(timeout(range));
            lease.ensureHeld(session);
            long start = System.nanoTime();
            long rows = range.rows() == 1 ? watched(file, range) : execute(file, range);
            if (rows >= 0) {
                checkpoint.advance(session, range.to(), rows, (System.nanoTime() - start) / 1e9);
                session.commit();
            }
            return rows;
        } finally {
            leaveTransaction();
        }
    }

    /** Writes to the checkpoint in a transaction of its own, which fails unless the lease is ours until it commits. */
    void note(Lease lease, Note note) throws SQLException {
        session.setAutoCommit(false);
        try {
            lease.ensureHeld(session);
            note.write(session);
            session.commit();
        } finally {
            leaveTransaction();
        }
    }

    /** Something to write to the checkpoint. */
    interface Note {
        void write(Connection transaction) throws SQLException;
    }

    /**
     * In the transaction, as a pooler may give each transaction to another session of the server. Not waiting for the
     * disk is safe because the note of the batch is lost with the batch or not at all; the setting of our own switches
     * the dual-write triggers off, which would write old columns back from new ones.
     */
    private void settle(Duration timeout) throws SQLException {
        String sql = "SELECT set_config('synchronous_commit', 'off', true), set_config('pitstop.backfill', 'on', true),"
                + " set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true),"
                + " set_config('plan_cache_mode', 'force_custom_plan', true)";
        try (PreparedStatement settings = session.prepareStatement(sql)) {
            settings.setString(1, limits.lockTimeout().toMillis() + "ms");
            settings.setString(2, timeout.toMillis() + "ms");
            settings.executeQuery().close();
        }
    }

    /** Whoever wants a row of the batch waits for its end, and may not wait for longer than for any other lock of ours. */
    private Duration timeout(Keys.Range range) {
        return range.rows() > BatchSize.SMALL ? limits.lockTimeout() : SMALL_BATCH_TIMEOUT;
    }

    private long watched(BackfillFile file, Keys.Range range) throws SQLException {
        Look look = new Blockers(side).look(Database.pid(session));
        try (look) {
            return execute(file, range);
        } finally {
            inTheWay = Blockers.names(look.seen());
        }
    }

    private long execute(BackfillFile file, Keys.Range range) throws SQLException {
        long rows = 0;
        for (BatchStatement statement : file.statements()) {
            try (PreparedStatement batch = session.prepareStatement(Mark.on(statement.sql()))) {
                int column = 1;
                for (Bound bound : statement.parameters()) {
                    batch.setLong(column++, bound == Bound.FROM ? range.from() : range.to());
                }
                batch.execute();
                rows += Math.max(0, batch.getUpdateCount());
            } catch (SQLException e) {
                if (IN_THE_WAY.contains(String.valueOf(e.getSQLState()))) {
                    return -1;
                }
                throw failure(file, statement, range, e);
            }
        }
        return rows;
    }

    private static PitstopException failure(
            BackfillFile file, BatchStatement statement, Keys.Range range, SQLException e) {
        String message = file.path() + ":" + statement.line() + ": " + Database.message(e) + " (" + e.getSQLState()
                + ") in " + file.table() + " at " + range + ". This batch was rolled back, those before it stay.";
        return Database.isOutside(e)
                ? new DependencyFailed(message, "Mend the cause, then run the step again to go on.", e)
                : new InvalidConfig(message, "Correct the statement or the rows, then run the step again.", e);
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
