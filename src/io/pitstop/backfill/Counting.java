package io.pitstop.backfill;

import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.database.Database;
import io.pitstop.database.Mark;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a file's query how many rows remain; on a large table that takes a while, so an interrupt ends it. */
final class Counting {
    private static final long LONGEST_HOURS = 6;

    /** How long it may take where about is good enough. */
    private static final String GOOD_ENOUGH = "500ms";

    private static final String TIMED_OUT = "57014";

    /**
     * A slip in the query must not be able to change anything. It takes one processor, however long: with helpers it took all
     * there were, and made the application slower than any batch did. Rows that a policy hides from us would count as filled:
     * they are an error.
     */
    private static final String SETTINGS = "SET default_transaction_read_only = on;"
            + " SET max_parallel_workers_per_gather = 0; SET row_security = off";

    private static final String USUAL =
            "SET default_transaction_read_only = off;" + " RESET max_parallel_workers_per_gather; RESET row_security";

    private Counting() {}

    /** Empty if it takes longer than half a second. */
    static OptionalLong remainingQuickly(BackfillFile file, Connection session) throws SQLException {
        try (Statement limit = session.createStatement()) {
            limit.execute("SET statement_timeout = '" + GOOD_ENOUGH + "'");
            try {
                return OptionalLong.of(remaining(file, session));
            } catch (DependencyFailed e) {
                if (e.getCause() instanceof SQLException cause && TIMED_OUT.equals(cause.getSQLState())) {
                    return OptionalLong.empty();
                }
                throw e;
            } finally {
                limit.execute("SET statement_timeout = 0");
            }
        }
    }

    /** @throws InvalidConfig if the query does not give one number */
    static long remaining(BackfillFile file, Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            CompletableFuture<Long> count = new CompletableFuture<>();
            Thread asker = new Thread(() -> ask(file, statement, count), "remaining");
            asker.setDaemon(true);
            asker.start();
            try {
                return count.get(LONGEST_HOURS, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                statement.cancel();
                throw Interrupted.whileDoing("counting what remains of " + file.name());
            } catch (TimeoutException e) {
                statement.cancel();
                throw new DependencyFailed(
                        "The remaining query of " + file.path() + " ran for longer than " + LONGEST_HOURS + " hours.",
                        "Give it an index that serves it.",
                        e);
            } catch (ExecutionException e) {
                throw failure(file, e.getCause());
            }
        }
    }

    private static void ask(BackfillFile file, Statement statement, CompletableFuture<Long> count) {
        try {
            count.complete(number(file, statement));
        } catch (SQLException | PitstopException e) {
            count.completeExceptionally(e);
        }
    }

    private static long number(BackfillFile file, Statement statement) throws SQLException {
        statement.execute(SETTINGS);
        try (ResultSet row = statement.executeQuery(Mark.on(file.remaining()))) {
            if (!row.next() || row.getMetaData().getColumnCount() != 1 || row.getObject(1) instanceof String) {
                throw new InvalidConfig(
                        file.path() + ": the remaining query does not give one number.",
                        "Write \"-- remaining: SELECT count(*) FROM …\".");
            }
            return row.getLong(1);
        } finally {
            statement.execute(USUAL);
        }
    }

    private static PitstopException failure(BackfillFile file, Throwable cause) {
        if (cause instanceof PitstopException expected) {
            return expected;
        }
        SQLException e = (SQLException) cause;
        if (Database.isOutside(e)) {
            return Database.failure(e);
        }
        return new InvalidConfig(
                file.path() + ": the remaining query fails: " + Database.message(e) + " (" + e.getSQLState() + ").",
                "Correct it, then run the step again.",
                e);
    }
}
