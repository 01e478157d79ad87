package io.pitstop.backfill;

import java.time.Duration;

/**
 * What one run did for one file; all zero if nothing was left to do.
 *
 * @param rows rows written, by all statements of the file together
 * @param batches transactions that were committed
 * @param passes walks over the table that came to their end
 */
public record BackfillResult(String file, long rows, long batches, int passes, Duration took) {
    public long rowsPerSecond() {
        return took.isZero() ? 0 : Math.round(rows / (took.toNanos() / 1e9));
    }
}
