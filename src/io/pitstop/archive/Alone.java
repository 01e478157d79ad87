package io.pitstop.archive;

import io.pitstop.database.Mark;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.release.Lease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One statement outside a transaction that may take long; ended if the operator stops or another process takes over. */
final class Alone {
    private static final long LOOK_EVERY_MS = 250;

    private final Connection session;
    private final Lease lease;

    Alone(Connection session, Lease lease) {
        this.session = session;
        this.lease = lease;
    }

    /** Returns the first number of its result; 0 if it has none. */
    long run(String sql) throws SQLException {
        lease.ensureHeld();
        try (Statement statement = session.createStatement()) {
            CompletableFuture<Long> end = new CompletableFuture<>();
            Thread runner = new Thread(() -> run(statement, sql, end), "alone");
            runner.setDaemon(true);
            runner.start();
            return await(statement, end);
        }
    }

    private long await(Statement statement, CompletableFuture<Long> end) throws SQLException {
        while (true) {
            try {
                return end.get(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (lease.isFenced()) {
                    statement.cancel();
                    throw new DependencyFailed(
                            "Another process took over " + lease.step() + ".",
                            "Run pitstop status to see who is at it.",
                            e);
                }
            } catch (InterruptedException e) {
                statement.cancel();
                end.exceptionally(failure -> 0L).join();
                throw Interrupted.whileDoing("bringing back what contract dropped");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private static void run(Statement statement, String sql, CompletableFuture<Long> end) {
        try {
            long number = 0;
            if (statement.execute(Mark.on(sql))) {
                try (ResultSet rows = statement.getResultSet()) {
                    number = rows.next() ? rows.getLong(1) : 0;
                }
            }
            end.complete(number);
        } catch (SQLException e) {
            end.completeExceptionally(e);
        }
    }
}
