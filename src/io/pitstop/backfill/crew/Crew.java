package io.pitstop.backfill.crew;

import io.pitstop.backfill.brake.Pace;
import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.backfill.range.Failures;
import io.pitstop.backfill.range.Ranges;
import io.pitstop.backfill.walk.Walk;
import io.pitstop.database.Database;
import io.pitstop.error.Interrupted;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Lease;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The workers of this process for one file. */
public final class Crew {
    /** A batch in work ends before this: no statement of it may take as long. */
    private static final long END_WITHIN_S = 60;

    private static final long TICK_MS = 100;

    private final Database database;
    private final Lease lease;
    private final Work work;
    private final Tally tally = new Tally();
    private volatile boolean over;

    /** @param work what is to be done, and how */
    public Crew(Database database, Lease lease, Work work) {
        this.database = database;
        this.lease = lease;
        this.work = work;
    }

    /**
     * What the workers of a process do.
     *
     * @param workers how many there are, at least 1
     * @param batchRows most rows of a batch
     * @param batchTime how long a batch should take
     */
    public record Work(BackfillFile file, Walk walk, Pace pace, int workers, int batchRows, Duration batchTime) {}

    public Tally tally() {
        return tally;
    }

    /**
     * Fills ranges until there is none left that nobody else works on.
     *
     * @param meanwhile is run now and then by the thread that waits
     */
    public void work(Meanwhile meanwhile) throws SQLException {
        ExecutorService threads = Executors.newFixedThreadPool(work.workers(), Crew::daemon);
        over = false;
        List<Future<Void>> workers = new ArrayList<>();
        try {
            for (int i = 1; i <= work.workers(); i++) {
                int number = i;
                workers.add(threads.submit((Callable<Void>) () -> work(number)));
            }
            for (Future<Void> worker : workers) {
                await(worker, meanwhile);
            }
        } finally {
            end(threads);
        }
    }

    private Void work(int number) throws SQLException, InterruptedException {
        String release = lease.release().id();
        try (Connection session = database.connect(lease.step())) {
            Worker.Job job = new Worker.Job(
                    work.walk(),
                    new Ranges(release, work.file().name()),
                    new Failures(release, work.file().name()),
                    lease.token(),
                    tally,
                    work.pace(),
                    () -> over);
            Batch batch = new Batch(session, work.file(), work.walk(), database.config(), lease);
            new Worker(job, batch, new BatchSize(work.batchRows(), work.batchTime()), number).run();
            return null;
        } catch (SQLException | PitstopException e) {
            over = true;
            throw e;
        }
    }

    /** Something to do while workers work. */
    public interface Meanwhile {
        void run() throws SQLException;
    }

    private void await(Future<Void> worker, Meanwhile meanwhile) throws SQLException {
        try {
            while (!isDone(worker)) {
                meanwhile.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted(
                    "Interrupted while filling " + work.file().table() + " by "
                            + work.file().name() + ".",
                    "Run the same command again to go on from there.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            if (e.getCause() instanceof PitstopException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static boolean isDone(Future<Void> worker) throws InterruptedException, ExecutionException {
        try {
            worker.get(TICK_MS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Ends the batches in work, in order. */
    private void end(ExecutorService threads) {
        over = true;
        threads.shutdown();
        boolean interrupted = Thread.interrupted();
        try {
            if (!threads.awaitTermination(END_WITHIN_S, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "backfill worker");
        thread.setDaemon(true);
        return thread;
    }
}
