package io.pitstop.backfill;

import java.time.Duration;
import java.util.Set;

/**
 * How a backfill is run; what the person who starts it may choose.
 *
 * @param batchRows most rows that one transaction touches, at least 1
 * @param batchTime how long a batch should take, unless its file says
 * @param workers sessions of this process that fill at the same time, at least 1
 * @param mostWorkers how many it may come to have if that makes it faster, at least {@code workers}
 * @param ignored names of signals that do not slow it down
 */
public record BackfillSettings(int batchRows, Duration batchTime, int workers, int mostWorkers, Set<String> ignored) {
    /** More hardly helps, however fast the machine is. */
    public static final int DEFAULT_BATCH_ROWS = 100_000;

    public static final Duration DEFAULT_BATCH_TIME = Duration.ofMillis(100);

    /** A machine that has room for more has a person who knows it. */
    public static final int DEFAULT_MOST_WORKERS = 4;

    public static final BackfillSettings DEFAULT =
            new BackfillSettings(DEFAULT_BATCH_ROWS, DEFAULT_BATCH_TIME, 1, DEFAULT_MOST_WORKERS, Set.of());

    public BackfillSettings {
        ignored = Set.copyOf(ignored);
        if (batchRows < 1 || batchTime.isNegative() || batchTime.isZero() || workers < 1 || mostWorkers < workers) {
            throw new IllegalArgumentException(
                    workers + " to " + mostWorkers + " workers, batches of " + batchRows + " rows in " + batchTime);
        }
    }

    /** With a number of workers that stays as it is. */
    public BackfillSettings(int batchRows, Duration batchTime, int workers, Set<String> ignored) {
        this(batchRows, batchTime, workers, workers, ignored);
    }
}
