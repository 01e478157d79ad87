package io.pitstop.backfill;

import io.pitstop.backfill.Checkpoint.Place;
import io.pitstop.backfill.Keys.Extent;
import io.pitstop.backfill.Keys.Range;
import io.pitstop.config.Quantity;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.release.Lease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Walks the table of one file from its first key to its last, again and again until no row remains.
 *
 * <p>One pass may leave rows: an UPDATE that waited for a row looks at that row again, but at other tables as they were
 * when it began.
 */
final class Walk {
    /** Passes in a row after which as much remains as before: another one would not help. */
    private static final int IDLE_PASSES = 3;

    private static final int MOST_PASSES = 100;
    private static final long PAUSE_MS = 100;

    private final BackfillFile file;
    private final Lease lease;
    private final Batch batch;
    private final Checkpoint checkpoint;
    private final BatchSize size;
    private final Consumer<String> out;
    private final long start = System.nanoTime();
    private long rows;
    private long batches;
    private int passes;

    Walk(BackfillFile file, Lease lease, Batch batch, int batchRows, Consumer<String> out) {
        this.file = file;
        this.lease = lease;
        this.batch = batch;
        this.checkpoint = new Checkpoint(lease.release().id(), file);
        this.size = new BatchSize(batchRows, batch.limits().lockTimeout());
        this.out = out;
    }

    BackfillResult run() throws SQLException {
        Keys keys = Keys.of(file, batch.side());
        long remaining = Counting.remaining(file, batch.side());
        if (remaining == 0) {
            batch.note(lease, checkpoint::verified);
            say("nothing to do, no row remains");
            return new BackfillResult(file.name(), 0, 0, 0, Duration.ZERO);
        }
        Place place = begin(remaining);
        int idle = 0;
        while (remaining > 0) {
            pass(keys, place);
            long before = remaining;
            remaining = Counting.remaining(file, batch.side());
            idle = remaining < before ? 0 : idle + 1;
            if (idle >= IDLE_PASSES || passes >= MOST_PASSES) {
                throw stuck(remaining);
            }
            if (remaining > 0) {
                say(remaining + " rows remain, walks once more");
                batch.note(lease, checkpoint::nextPass);
                place = new Place(place.pass() + 1, OptionalLong.empty());
                pause(PAUSE_MS * (idle + 1));
            }
        }
        return verified();
    }

    private Place begin(long remaining) throws SQLException {
        Optional<Place> before = checkpoint.load(batch.side());
        lease.note("backfill begun", Map.of("file", file.name(), "remaining", remaining));
        if (before.isPresent()) {
            Place place = before.get();
            say(remaining + " rows remain, goes on"
                    + (place.last().isPresent() ? " after key " + place.last().getAsLong() : ""));
            return place;
        }
        boolean changed = checkpoint.exists(batch.side());
        batch.note(lease, checkpoint::begin);
        say(remaining + " rows remain"
                + (changed ? "; the file was changed, so it begins at the first key again" : ""));
        return new Place(1, OptionalLong.empty());
    }

    private void pass(Keys keys, Place place) throws SQLException {
        Optional<Extent> extent = keys.extent(batch.side());
        if (extent.isPresent()) {
            Progress progress = new Progress(file, extent.get(), place.last(), out);
            OptionalLong last = place.last();
            Optional<Range> next = keys.next(batch.side(), last, extent.get().last(), size.rows());
            while (next.isPresent()) {
                last = OptionalLong.of(
                        fillFrom(keys, next.get(), last, extent.get().last(), progress));
                next = keys.next(batch.side(), last, extent.get().last(), size.rows());
            }
        }
        passes++;
    }

    /** Fills the next range, or a shorter one at its beginning if somebody is in the way; returns the last key done. */
    private long fillFrom(Keys keys, Range first, OptionalLong last, long end, Progress progress) throws SQLException {
        Range range = first;
        long deadline = System.nanoTime() + batch.limits().lockWithin().toNanos();
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new Interrupted(
                        "Interrupted while filling " + file.table() + " by " + file.name() + ", before " + range + ".",
                        "Run the same command again to go on from there.");
            }
            long began = System.nanoTime();
            long written = batch.fill(file, range, checkpoint, lease);
            if (written >= 0) {
                size.succeeded(range.to(), Duration.ofNanos(System.nanoTime() - began));
                rows += written;
                batches++;
                progress.filled(range);
                return range.to();
            }
            if (range.rows() == 1 && System.nanoTime() > deadline) {
                throw locked(range);
            }
            size.failed(range);
            pause(PAUSE_MS);
            range = keys.next(batch.side(), last, end, size.rows()).orElse(range);
        }
    }

    private BackfillResult verified() throws SQLException {
        batch.note(lease, checkpoint::verified);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        BackfillResult result = new BackfillResult(file.name(), rows, batches, passes, took);
        lease.note(
                "backfill verified", Map.of("file", file.name(), "rows", rows, "batches", batches, "passes", passes));
        say(String.format(
                Locale.ROOT,
                "done: %,d rows in %.1f s (%,d rows/s), %d batches, 0 remain",
                rows,
                took.toMillis() / 1e3,
                result.rowsPerSecond(),
                batches));
        return result;
    }

    private CheckFailed stuck(long remaining) {
        return new CheckFailed(
                file.path() + " leaves " + remaining + " rows of " + file.table() + " unfilled after " + passes
                        + " passes. See some of them: " + file.remainingRows(),
                "Let the file fill these rows, or its remaining query not count them, then run the step again.");
    }

    private DependencyFailed locked(Range range) {
        String who = batch.inTheWay().isEmpty() ? "" : " In the way: " + batch.inTheWay() + ".";
        return new DependencyFailed(
                file.table() + " is locked at " + range + " for longer than "
                        + Quantity.text(batch.limits().lockWithin()) + "." + who + " What is before it is filled.",
                "Wait for that transaction or end it, then run the step again to go on from there.");
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
