package io.pitstop.backfill;

import java.time.Duration;
import java.util.Set;

/**
 * How a backfill is run; what the person who starts it may choose.
 *
 * @param batchRows most rows that one transaction touches, at least 1
 * @param batchTime how long a batch should take, unless its file says
 * @param workers most sessions of this process that fill at the same time, at least 1
 * @param ignored names of signals that do not slow it down
 */
public record BackfillSettings(int batchRows, Duration batchTime, int workers, Set<String> ignored) {
    /** More hardly helps, however fast the machine is. */
    public static final int DEFAULT_BATCH_ROWS = 100_000;

    public static final Duration DEFAULT_BATCH_TIME = Duration.ofMillis(100);

    public static final BackfillSettings DEFAULT =
            new BackfillSettings(DEFAULT_BATCH_ROWS, DEFAULT_BATCH_TIME, 1, Set.of());

    public BackfillSettings {
        ignored = Set.copyOf(ignored);
        if (batchRows < 1 || batchTime.isNegative() || batchTime.isZero() || workers < 1) {
            throw new IllegalArgumentException(workers + " workers, batches of " + batchRows + " rows in " + batchTime);
        }
    }
}
