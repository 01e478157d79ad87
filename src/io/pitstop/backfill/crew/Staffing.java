package io.pitstop.backfill.crew;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many workers a process should have: one more as long as that makes all of them together faster by a good part. What
 * is gained by more of them says how much the machine has left, whatever it is made of.
 */
final class Staffing {
    /** One that brings less than this much of what there was is in the way of the others. */
    private static final double WORTH_IT = 1.1;

    /** A new worker has to find its batch size first. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

    private static final long MEASURE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_000);
    private static final long TRY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final int least;
    private final int most;
    private final LongSupplier clock;
    private volatile int wanted;
    private boolean trying;
    private double before;
    private long rowsThen;
    private long measuredFrom;
    private long nextTry;

    /** @param clock in nanoseconds */
    Staffing(int least, int most, LongSupplier clock) {
        this.least = least;
        this.most = most;
        this.clock = clock;
        this.nextTry = clock.getAsLong();
        become(least);
    }

    /** Workers that there should be now; may be asked by any thread. */
    int wanted() {
        return wanted;
    }

    /**
     * Takes in how far all of them are; to be called several times a second by one thread.
     *
     * @param rows that they have written so far
     * @param isFree false while somebody else needs the database, which then has nothing left for more
     */
    void look(long rows, boolean isFree) {
        long now = clock.getAsLong();
        if (!isFree) {
            become(least);
        } else if (now - measuredFrom < 0) {
            rowsThen = rows;
        } else if (now - measuredFrom >= MEASURE_NANOS) {
            judge(now, (rows - rowsThen) / ((now - measuredFrom) / 1e9));
            rowsThen = rows;
        }
    }

    private void judge(long now, double rowsPerSecond) {
        if (trying && rowsPerSecond < before * WORTH_IT) {
            nextTry = now + TRY_AGAIN_NANOS;
            become(wanted - 1);
        } else if (wanted < most && now - nextTry >= 0) {
            before = rowsPerSecond;
            become(wanted + 1);
            trying = true;
        } else {
            trying = false;
            measuredFrom = now;
        }
    }

    private void become(int workers) {
        wanted = workers;
        trying = false;
        measuredFrom = clock.getAsLong() + SETTLE_NANOS;
    }
}
