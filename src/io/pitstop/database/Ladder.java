package io.pitstop.database;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long the next try for a lock may wait.
 *
 * <p>A statement that waits for a strong lock makes everybody wait who comes after it. So nearly all tries hardly wait
 * at all: while a single transaction holds the lock, asking every 50 ms gets it as soon after its end as waiting would.
 * Only where short transactions overlap without a gap does that starve; then every so often one try waits longer, up to
 * the limit.
 */
final class Ladder {
    private static final int[] RUNGS_MS = {20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000};
    private static final int LONG_ENOUGH = 3;
    private static final int POLL_MS = 2;
    private static final int POLLS_BEFORE_FIRST_WAIT = 40;
    private static final int POLLS_BETWEEN_WAITS = 20;
    private static final int PAUSE_MS = 50;

    private final long limitMs;
    private final RandomGenerator random;
    private int polls = POLLS_BEFORE_FIRST_WAIT;
    private int rung;

    Ladder(Duration limit, RandomGenerator random) {
        this.limitMs = limit.toMillis();
        this.random = random;
    }

    /** True if the next try waits long enough to see who is in the way. */
    boolean waits() {
        return polls == 0;
    }

    /** Makes the next try one that waits, 200 ms if it may: long enough to see on a busy machine who is in the way. */
    void waitNext() {
        polls = 0;
        rung = Math.max(rung, LONG_ENOUGH);
    }

    /** The lock timeout of the next try, in milliseconds; at least 1 and never above the limit. */
    long timeoutMs() {
        return Math.min(limitMs, waits() ? RUNGS_MS[rung] : POLL_MS);
    }

    /**
     * Takes note that the try failed.
     *
     * @param starved false while one and the same transaction holds the lock, where waiting longer wins nothing
     */
    void failed(boolean starved) {
        if (!waits()) {
            polls--;
            return;
        }
        polls = POLLS_BETWEEN_WAITS;
        if (starved && RUNGS_MS[rung] < limitMs && rung < RUNGS_MS.length - 1) {
            rung++;
        }
    }

    /** How long to leave everybody alone before the next try: not in step with anything that repeats. */
    long pauseMs() {
        return random.nextLong(PAUSE_MS - PAUSE_MS / 5, PAUSE_MS + PAUSE_MS / 5);
    }
}
