package io.pitstop.backfill;

import java.time.Duration;

/**
 * What one run of one process did for one file; all zero if nothing was left to do.
 *
 * @param rows rows written, by all statements of the file together
 * @param batches transactions that were committed
 * @param passes walks over the table that came to their end
 * @param took from the beginning to the last count
 * @param counting what of it was spent on counting what remains
 */
public record BackfillResult(String file, long rows, long batches, int passes, Duration took, Duration counting) {
    static BackfillResult nothingToDo(String file) {
        return new BackfillResult(file, 0, 0, 0, Duration.ZERO, Duration.ZERO);
    }

    /** While rows were filled. */
    public long rowsPerSecond() {
        Duration filling = took.minus(counting);
        return filling.isZero() ? 0 : Math.round(rows / (filling.toNanos() / 1e9));
    }
}
