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
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The workers of this process for one file. */
public final class Crew {
    /** A batch in work ends before this: no statement of it may take as long. */
    private static final long END_WITHIN_S = 60;

    private static final long TICK_MS = 100;

    private final Database database;
    private final Lease lease;
    private final Work work;
    private final Tally tally = new Tally();
    private final Staffing staffing;
    private volatile boolean over;
    private volatile boolean exhausted;

    /** @param work what is to be done, and how */
    public Crew(Database database, Lease lease, Work work) {
        this.database = database;
        this.lease = lease;
        this.work = work;
        this.staffing = new Staffing(work.workers(), work.mostWorkers(), System::nanoTime);
    }

    /**
     * What the workers of a process do.
     *
     * @param workers how many there are at least
     * @param mostWorkers how many there may be if that makes it faster
     * @param batchRows most rows of a batch
     * @param batchTime how long a batch should take
     */
    public record Work(
            BackfillFile file, Walk walk, Pace pace, int workers, int mostWorkers, int batchRows, Duration batchTime) {}

    public Tally tally() {
        return tally;
    }

    /**
     * Fills ranges until there is none left that nobody else works on.
     *
     * @param meanwhile is run now and then by the thread that waits
     */
    public void work(Meanwhile meanwhile) throws SQLException {
        ExecutorService threads = Executors.newCachedThreadPool(Crew::daemon);
        CompletionService<Integer> workers = new ExecutorCompletionService<>(threads);
        Set<Integer> busy = new HashSet<>();
        over = false;
        exhausted = false;
        try {
            do {
                for (int number = 1; number <= staffing.wanted() && !exhausted; number++) {
                    if (busy.add(number)) {
                        int own = number;
                        workers.submit(() -> work(own));
                    }
                }
                ended(workers).ifPresent(busy::remove);
                meanwhile.run();
                staffing.look(tally.rows(), work.pace().isFree());
            } while (!busy.isEmpty());
        } finally {
            end(threads);
        }
    }

    /** Returns {@code number} once there is nothing left to claim, or one fewer is wanted. */
    private int work(int number) throws SQLException, InterruptedException {
        String release = lease.release().id();
        try (Connection session = database.connect(lease.step())) {
            Worker.Job job = new Worker.Job(
                    work.walk(),
                    new Ranges(release, work.file().name()),
                    new Failures(release, work.file().name()),
                    work.file().checksum(),
                    lease.token(),
                    tally,
                    work.pace(),
                    () -> over || number > staffing.wanted());
            Batch batch = new Batch(session, work.file(), work.walk(), database.config(), lease);
            BatchSize size = new BatchSize(work.batchRows());
            if (new Worker(job, batch, size, new BatchTime(work.batchTime()), number).run()) {
                exhausted = true;
            }
            return number;
        } catch (SQLException | PitstopException e) {
            over = true;
            throw e;
        }
    }

    /** Something to do while workers work. */
    public interface Meanwhile {
        void run() throws SQLException;
    }

    /** The number of a worker that has ended; waits a moment for one. */
    private Optional<Integer> ended(CompletionService<Integer> workers) throws SQLException {
        try {
            Future<Integer> one = workers.poll(TICK_MS, TimeUnit.MILLISECONDS);
            return one == null ? Optional.empty() : Optional.of(one.get());
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
