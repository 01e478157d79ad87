package io.pitstop.backfill;

import io.pitstop.backfill.crew.Crew;
import io.pitstop.backfill.crew.Tally;
import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.backfill.range.Checkpoint;
import io.pitstop.backfill.range.Checkpoint.Place;
import io.pitstop.backfill.range.Extent;
import io.pitstop.backfill.range.FailedRow;
import io.pitstop.backfill.range.Ranges;
import io.pitstop.backfill.walk.Position;
import io.pitstop.backfill.walk.Stretch;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Lease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Brings one file to its end: pass after pass over its table, until no row remains. There is one for a file, whatever the
 * number of processes that help with the ranges of a pass.
 *
 * <p>One pass may leave rows: an UPDATE that waited for a row looks at that row again, but at other tables as they were
 * when it began; and a row may move to where the walk has been already.
 */
final class Filling {
    /** Passes in a row after which as much remains as before: another one would not help. */
    private static final int IDLE_PASSES = 3;

    private static final int MOST_PASSES = 100;
    private static final long PAUSE_MS = 100;

    /** Until ranges that nobody alive has, but whose last batch the server has not ended, are tried again. */
    private static final long LOCKED_PAUSE_MS = 500;

    private final BackfillFile file;
    private final Lease lease;
    private final Desk desk;
    private final Crew crew;
    private final Crew.Meanwhile meanwhile;
    private final Consumer<Extent> verified;
    private final Checkpoint checkpoint;
    private final Ranges ranges;
    private final Consumer<String> out;
    private final long start = System.nanoTime();
    private int passes;
    private Duration counting = Duration.ZERO;

    /**
     * @param meanwhile is run now and then while workers work
     * @param verified gets how the last pass ended, once no row remains
     */
    Filling(
            BackfillFile file,
            Lease lease,
            Desk desk,
            Crew crew,
            Crew.Meanwhile meanwhile,
            Consumer<Extent> verified,
            Consumer<String> out) {
        this.file = file;
        this.lease = lease;
        this.desk = desk;
        this.crew = crew;
        this.meanwhile = meanwhile;
        this.verified = verified;
        this.checkpoint = new Checkpoint(lease.release().id(), file);
        this.ranges = new Ranges(lease.release().id(), file.name());
        this.out = out;
    }

    BackfillResult run() throws SQLException {
        OptionalLong known = Counting.remainingQuickly(file, desk.side());
        if (known.isPresent() && known.getAsLong() == 0) {
            desk.batch().note(checkpoint::verified);
            say("nothing to do, no row remains");
            return BackfillResult.nothingToDo(file.name());
        }
        begin(known);
        long before = known.orElse(Long.MAX_VALUE);
        for (int idle = 0; ; ) {
            pass();
            List<FailedRow> failed = desk.retryFailures(crew.tally());
            long remaining = count();
            if (remaining == 0) {
                return verified();
            }
            idle = remaining < before ? 0 : idle + 1;
            refuseToGoOn(failed, remaining, idle);
            before = remaining;
            say(remaining + " rows remain, walks once more");
            desk.batch().note(checkpoint::nextPass);
            plan(Optional.empty());
            pause(PAUSE_MS * (idle + 1));
        }
    }

    private void begin(OptionalLong known) throws SQLException {
        Optional<Place> before = checkpoint.load(desk.side());
        String remain = known.isPresent() ? known.getAsLong() + " rows remain" : "rows remain";
        Map<String, Object> detail =
                new HashMap<>(Map.of("file", file.name(), "walk", desk.walk().words()));
        known.ifPresent(rows -> detail.put("remaining", rows));
        lease.note("backfill begun", detail);
        if (before.isPresent()) {
            desk.batch().note(checkpoint::goOn);
            Extent extent = ranges.extent(desk.side());
            say(remain + ", goes on: " + extent.finished() + " of " + extent.ranges() + " ranges are done");
            if (!extent.isPlanned()) {
                plan(before.get().last());
            }
            return;
        }
        boolean changed = checkpoint.exists(desk.side());
        desk.batch().note(checkpoint::begin);
        say(remain + ", walks " + desk.walk().words()
                + (changed ? "; the file was changed, so it begins at the first row again" : ""));
        plan(Optional.empty());
    }

    private void plan(Optional<Position> after) throws SQLException {
        List<Stretch> stretches = desk.walk().plan(desk.side(), after);
        desk.batch().note(transaction -> ranges.plan(transaction, stretches));
    }

    /** Until all ranges are done, whoever does them. */
    private void pass() throws SQLException {
        Extent extent = ranges.extent(desk.side());
        while (!extent.isDone()) {
            boolean isFree = extent.ranges() - extent.finished() > extent.workers();
            if (!isFree || !work()) {
                pause(isFree ? LOCKED_PAUSE_MS : PAUSE_MS);
                lease.ensureHeld();
                ranges.refuseAbandoned(desk.side());
                meanwhile.run();
            }
            extent = ranges.extent(desk.side());
        }
        passes++;
    }

    /** True if that came to anything. */
    private boolean work() throws SQLException {
        long before = crew.tally().batches();
        try {
            crew.work(meanwhile);
            return crew.tally().batches() > before;
        } catch (CheckFailed e) {
            tell(e);
            throw e;
        }
    }

    private long count() throws SQLException {
        long began = System.nanoTime();
        long remaining = Counting.remaining(file, desk.side());
        counting = counting.plusNanos(System.nanoTime() - began);
        return remaining;
    }

    private BackfillResult verified() throws SQLException {
        Extent last = ranges.extent(desk.side());
        desk.batch().note(checkpoint::verified);
        verified.accept(last);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Tally tally = crew.tally();
        BackfillResult result = new BackfillResult(file.name(), tally.rows(), tally.batches(), passes, took, counting);
        Checkpoint.Sum all = checkpoint.sum(desk.side());
        lease.note(
                "backfill verified",
                Map.of("file", file.name(), "rows", all.rows(), "batches", all.batches(), "passes", passes));
        say(String.format(
                Locale.ROOT,
                "done: %,d rows in %.1f s (%,d rows/s), %d batches by this process, 0 remain",
                tally.rows(),
                took.toMillis() / 1e3,
                result.rowsPerSecond(),
                tally.batches()));
        return result;
    }

    private void refuseToGoOn(List<FailedRow> failed, long remaining, int idle) throws SQLException {
        boolean onlyThese = !failed.isEmpty() && remaining <= failed.size();
        if (onlyThese || idle >= IDLE_PASSES || passes >= MOST_PASSES) {
            PitstopException failure = failed.isEmpty() ? stuck(remaining) : desk.failure(failed);
            tell(failure);
            throw failure;
        }
    }

    /** So that a process that helps does not try the same once more. */
    private void tell(PitstopException failure) throws SQLException {
        desk.batch().note(transaction -> checkpoint.fail(transaction, failure.getMessage()));
        lease.note("backfill failed", Map.of("file", file.name(), "problem", failure.getMessage()));
    }

    private CheckFailed stuck(long remaining) {
        return new CheckFailed(
                file.path() + " leaves " + remaining + " rows of " + file.table() + " unfilled after " + passes
                        + " passes. See some of them: " + file.remainingRows(),
                "Let the file fill these rows, or its remaining query not count them, then run the step again.");
    }

    private void pause(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("filling " + file.table() + " by " + file.name());
        }
    }

    private void say(String what) {
        out.accept("backfill: " + file.name() + " " + what);
    }
}
