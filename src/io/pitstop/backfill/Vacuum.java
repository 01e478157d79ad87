package io.pitstop.backfill;

import io.pitstop.backfill.crew.Crew;
import io.pitstop.backfill.crew.Tally;
import io.pitstop.database.Database;
import io.pitstop.error.Interrupted;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Makes the room of old versions of rows usable again: now and then while a large table is filled, which would double
 * otherwise, and at the end. Holds nobody up: it takes no lock that readers or writers wait for.
 */
final class Vacuum implements Crew.Meanwhile {
    private static final long LARGE_BYTES = 1L << 30;

    /** Each costs a look at the indexes, but what it frees need not be made anew: fewer pages to write, less WAL. */
    private static final double SHARE_ON_THE_WAY = 0.1;

    private static final double SHARE_AT_THE_END = 0.1;
    private static final long FEW_ROWS = 10_000;
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LONGEST_HOURS = 6;

    private final Database database;
    private final Lease lease;
    private final String table;
    private final Tally tally;
    private final Consumer<String> out;
    private volatile Statement running;
    private CompletableFuture<Void> work = CompletableFuture.completedFuture(null);
    private long vacuumedRows;
    private long next = System.nanoTime() + LOOK_EVERY_NANOS;

    /** @param table as its name is written in SQL */
    Vacuum(Database database, Lease lease, String table, Tally tally, Consumer<String> out) {
        this.database = database;
        this.lease = lease;
        this.table = table;
        this.tally = tally;
        this.out = out;
    }

    /** Begins one if enough has been written since the last. */
    @Override
    public void run() {
        if (work.isDone() && System.nanoTime() - next >= 0) {
            next = System.nanoTime() + LOOK_EVERY_NANOS;
            if (work.isCompletedExceptionally()) {
                await();
            }
            if (pays(SHARE_ON_THE_WAY, LARGE_BYTES)) {
                begin();
            }
        }
    }

    /** Waits for one that runs, and runs a last one if that pays off. */
    void finish() {
        await();
        if (pays(SHARE_AT_THE_END, 0)) {
            begin();
            if (await()) {
                out.accept("backfill: vacuumed " + table);
            }
        }
    }

    private boolean pays(double share, long bytes) {
        long written = tally.rows() - vacuumedRows;
        if (written < FEW_ROWS) {
            return false;
        }
        String sql = "SELECT ? >= reltuples * ? AND pg_relation_size(oid) >= ? AND relkind IN ('r', 'p')"
                + " AND pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = ?::regclass";
        try (Connection session = database.connect(lease.step());
                PreparedStatement query = session.prepareStatement(sql)) {
            query.setLong(1, written);
            query.setDouble(2, share);
            query.setLong(3, bytes);
            query.setString(4, table);
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (Interrupted e) {
            throw e;
        } catch (SQLException | PitstopException e) {
            sayNot(e.getMessage());
            return false;
        }
    }

    private void begin() {
        vacuumedRows = tally.rows();
        work = new CompletableFuture<>();
        Thread thread = new Thread(() -> vacuum(work), "backfill vacuum");
        thread.setDaemon(true);
        thread.start();
    }

    private void vacuum(CompletableFuture<Void> done) {
        try (Connection session = database.connect(lease.step());
                Statement statement = session.createStatement()) {
            running = statement;
            // As gently as autovacuum; giving room back to the disk would need a lock that everybody waits for.
            statement.execute("SET vacuum_cost_delay = '2ms'");
            statement.execute("VACUUM (SKIP_LOCKED, TRUNCATE off, PARALLEL 0) " + table);
            if (statement.getWarnings() != null) {
                // It was skipped: somebody else has it locked.
                throw statement.getWarnings();
            }
            done.complete(null);
        } catch (SQLException | PitstopException e) {
            done.completeExceptionally(e);
        }
    }

    /**
     * False if it came to nothing, which is said. The rows are filled: that the room of their old versions is not free yet
     * is no reason to fail.
     */
    private boolean await() {
        try {
            work.get(LONGEST_HOURS, TimeUnit.HOURS);
            return true;
        } catch (InterruptedException e) {
            cancel();
            throw Interrupted.whileDoing("vacuuming " + table);
        } catch (TimeoutException e) {
            cancel();
            sayNot("it has taken " + LONGEST_HOURS + " hours");
        } catch (ExecutionException e) {
            sayNot(e.getCause().getMessage());
        }
        work = CompletableFuture.completedFuture(null);
        return false;
    }

    /** Ends one that still runs: the server would go on with it, and hold off who wants to change the table, for hours. */
    void stop() {
        if (!work.isDone()) {
            cancel();
        }
    }

    private void sayNot(String reason) {
        out.accept("backfill: " + table + " could not be vacuumed: " + reason);
    }

    private void cancel() {
        Statement statement = running;
        if (statement == null) {
            return;
        }
        try {
            statement.cancel();
        } catch (SQLException e) {
            sayNot(e.getMessage());
        }
    }
}
