package io.pitstop.backfill.crew;

import io.pitstop.backfill.brake.Pace;
import io.pitstop.backfill.range.Claim;
import io.pitstop.backfill.range.FailedRow;
import io.pitstop.backfill.range.Failures;
import io.pitstop.backfill.range.Ranges;
import io.pitstop.backfill.walk.Position;
import io.pitstop.backfill.walk.Span;
import io.pitstop.backfill.walk.Walk;
import io.pitstop.error.CheckFailed;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Claims one range after the other and fills it, until there is none left to claim. */
final class Worker {
    /** Tries of a single row that somebody has locked, before it is set aside for later. */
    private static final int TRIES = 2;

    /** A file that fails for more rows than this is wrong itself. */
    private static final int MOST_SET_ASIDE = 100;

    /** Rows that cost as much as one that is written, if they are filled already: most of a later pass. */
    private static final long READS_A_WRITE = 20;

    private final Job job;
    private final Batch batch;
    private final BatchSize size;
    private final BatchTime time;
    private final int number;
    private int setAside;

    /** @param number of the worker in its process */
    Worker(Job job, Batch batch, BatchSize size, BatchTime time, int number) {
        this.job = job;
        this.batch = batch;
        this.size = size;
        this.time = time;
        this.number = number;
    }

    /**
     * What all workers of a process have in common.
     *
     * @param checksum of the file that they work by
     * @param token of the lease that they work under
     * @param isOver true once they should stop, after the batch in work
     */
    record Job(
            Walk walk,
            Ranges ranges,
            Failures failures,
            String checksum,
            long token,
            Tally tally,
            Pace pace,
            BooleanSupplier isOver) {}

    /** Returns true if there is nothing left to claim, false if it was stopped before. */
    boolean run() throws SQLException, InterruptedException {
        while (!job.isOver.getAsBoolean()) {
            Optional<Claim> claim = job.ranges.claim(batch.session(), job.checksum, job.token, number);
            if (claim.isEmpty()) {
                return true;
            }
            fill(claim.get());
        }
        return false;
    }

    private void fill(Claim claim) throws SQLException, InterruptedException {
        Optional<Position> done = claim.done();
        while (mayGoOn()) {
            long rows = Math.min(size.rows(), job.pace.mostRows());
            Optional<Span> next = job.walk.next(batch.session(), done, claim.last(), rows);
            if (next.isEmpty()) {
                job.ranges.finish(batch.session(), claim);
                return;
            }
            Optional<Span> filled = fillSome(claim, next.get(), done);
            if (filled.isEmpty()) {
                break;
            }
            done = Optional.of(filled.get().to());
        }
        job.ranges.giveBack(batch.session(), claim);
    }

    /** Waits until the pace allows another batch. */
    private boolean mayGoOn() throws InterruptedException {
        job.pace.await(job.isOver);
        return !job.isOver.getAsBoolean();
    }

    /** Fills {@code first}, or what is left of it when it is halved; empty if somebody else has the range now. */
    private Optional<Span> fillSome(Claim claim, Span first, Optional<Position> done) throws SQLException {
        Span span = first;
        for (int tries = 1; ; tries++) {
            boolean beside = job.pace.isBeside();
            boolean waits = time.isDiskDue(beside);
            Outcome outcome = batch.fill(claim, span, beside, waits);
            if (outcome.committed()) {
                tell(outcome, waits);
                time.wrote(outcome.rows(), span.rows());
                size.succeeded(span.rows(), outcome.worked(), time.wanted(beside, job.pace.timeShare()));
                job.pace.spent(Math.max(outcome.rows(), span.rows() / READS_A_WRITE));
                job.tally.add(outcome.rows());
                return Optional.of(span);
            }
            if (outcome.isLost() || job.isOver.getAsBoolean()) {
                return Optional.empty();
            }
            FailedRow failure = outcome.failure().orElseThrow();
            if (span.isSingle() && (tries >= TRIES || !failure.isInTheWay())) {
                return setAside(claim, span, failure);
            }
            if (!span.isSingle()) {
                tries = 0;
                size.failed(span.rows());
                span = job.walk
                        .next(batch.session(), done, claim.last(), size.rows())
                        .orElse(span);
            }
        }
    }

    /** A batch that has changed no row leaves nothing for the disk, and so has not waited for it. */
    private void tell(Outcome committed, boolean waits) {
        boolean writes = committed.rows() > 0;
        if (waits && writes) {
            time.waited(committed.waited());
        } else {
            time.noted(committed.waited());
        }
        if (!waits && writes) {
            time.piled(committed.worked());
        }
    }

    private Optional<Span> setAside(Claim claim, Span span, FailedRow failure) throws SQLException {
        if (!batch.setAside(claim, span, failure)) {
            return Optional.empty();
        }
        size.passed();
        setAside++;
        if (setAside > MOST_SET_ASIDE) {
            throw new CheckFailed(
                    "More than " + MOST_SET_ASIDE + " rows cannot be filled, the last one at " + failure + ".",
                    "Correct the file, or the rows that SELECT * FROM pitstop.backfill_failures shows, then run the step"
                            + " again.");
        }
        return Optional.of(span);
    }
}
