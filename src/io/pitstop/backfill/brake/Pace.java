package io.pitstop.backfill.brake;

import io.pitstop.backfill.brake.Reading.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How many rows a second the workers of this process may write.
 *
 * <p>Without a limit until a signal says that somebody suffers. Then the limit falls by a part of what was achieved, and
 * rises by a small amount as long as all signals are good, until it is one no more: additive increase, multiplicative
 * decrease, as TCP finds its share of a line (Chiu and Jain, 1989).
 */
public final class Pace {
    private static final double FALL = 0.6;
    private static final double RISE = 0.06;
    private static final long CUT_EVERY_NANOS = 500_000_000L;
    private static final double LEAST_ROWS = 50;
    private static final double LEAST_SHARE = 0.02;
    private static final double LEAST_TIME = 0.2;
    private static final double EASY_SHARE = 0.5;
    private static final long LOOK_EVERY_MS = 100;

    private final LongSupplier clock;
    private double limit = Double.POSITIVE_INFINITY;
    private double ordered = Double.POSITIVE_INFINITY;
    private double share = 1;
    private double timeShare = 1;
    private boolean stopped;
    private boolean isBeside = true;
    private double peak;
    private double speed;
    private double debt;
    private long walked;
    private long settledAt;
    private long measuredAt;
    private long cutAt;

    public Pace() {
        this(System::nanoTime);
    }

    /** @param clock in nanoseconds */
    Pace(LongSupplier clock) {
        this.clock = clock;
        this.settledAt = clock.getAsLong();
        this.measuredAt = settledAt;
        this.cutAt = settledAt - CUT_EVERY_NANOS;
    }

    /** Returns once the next batch may begin, or at once when {@code isOver}. */
    public synchronized void await(BooleanSupplier isOver) throws InterruptedException {
        while (!isOver.getAsBoolean() && !mayBegin()) {
            TimeUnit.MILLISECONDS.timedWait(this, waitMs());
        }
    }

    /** A batch was committed that counts for {@code rows} written rows. */
    public synchronized void spent(long rows) {
        settle();
        walked += rows;
        debt += rows;
    }

    /** What part of its usual time a batch may take now, above 0, at most 1. */
    public synchronized double timeShare() {
        return timeShare;
    }

    /** Most rows of a batch, so that a slow pace does not come in bursts. */
    public synchronized long mostRows() {
        double rate = rate();
        return Double.isInfinite(rate) ? Long.MAX_VALUE : Math.max(1, Math.round(Math.max(LEAST_ROWS, rate / 2)));
    }

    /** Takes in what all signals say together; to be called several times a second. */
    synchronized void adjust(Level level) {
        measure();
        stopped = level == Level.STOP;
        long now = clock.getAsLong();
        boolean cut = level == Level.EASE || level == Level.SLOW;
        if (cut && now - cutAt >= CUT_EVERY_NANOS) {
            cutAt = now;
            double least = level == Level.EASE ? Math.max(least(), EASY_SHARE * peak) : least();
            limit = Math.max(least, Math.min(limit, Math.max(speed, least)) * FALL);
            timeShare = Math.max(level == Level.EASE ? EASY_SHARE : LEAST_TIME, timeShare * FALL);
        } else if (level == Level.GOOD) {
            limit = limit > peak * 1.2 ? Double.POSITIVE_INFINITY : limit + RISE * Math.max(peak, LEAST_ROWS);
            timeShare = Math.min(1, timeShare + RISE);
        }
        notifyAll();
    }

    /** Whether an application works on the database, too. */
    synchronized void beside(boolean others) {
        isBeside = others;
    }

    /** True while an application works on the database, too, and as long as nobody knows. */
    public synchronized boolean isBeside() {
        return isBeside;
    }

    /** True while nobody else works on the database, and nothing limits us. */
    public synchronized boolean isFree() {
        return !isBeside && Double.isInfinite(rate());
    }

    /**
     * Takes in what the operator wants.
     *
     * @param rows most rows a second of this process; infinite if they do not say
     * @param part of what would be possible, above 0, at most 1
     */
    synchronized void order(double rows, double part) {
        ordered = rows;
        share = part;
    }

    /** Rows a second; infinite if there is no limit, 0 if nothing may begin. */
    public synchronized double rate() {
        if (stopped) {
            return 0;
        }
        double part = share < 1 && peak > 0 ? Math.max(LEAST_ROWS, share * peak) : Double.POSITIVE_INFINITY;
        return Math.min(Math.min(limit, ordered), part);
    }

    private boolean mayBegin() {
        settle();
        return rate() > 0 && debt <= 0;
    }

    private long waitMs() {
        double rate = rate();
        return rate <= 0 ? LOOK_EVERY_MS : Math.max(1, Math.min(LOOK_EVERY_MS, Math.round(1_000 * debt / rate)));
    }

    private void settle() {
        long now = clock.getAsLong();
        double rate = rate();
        debt = Double.isInfinite(rate) ? 0 : Math.max(0, debt - rate * (now - settledAt) / 1e9);
        settledAt = now;
    }

    private void measure() {
        long now = clock.getAsLong();
        double seconds = (now - measuredAt) / 1e9;
        if (seconds > 0) {
            double measured = walked / seconds;
            double weight = Math.min(1, seconds);
            speed = speed == 0 ? measured : speed * (1 - weight) + measured * weight;
            peak = Math.max(peak, speed);
            walked = 0;
            measuredAt = now;
        }
    }

    private double least() {
        return Math.max(LEAST_ROWS, LEAST_SHARE * peak);
    }
}
