package io.pitstop.backfill;

import java.time.Duration;

/**
 * How many rows the next batch takes: as many as asked for, unless that holds the locks of its rows for longer than
 * anybody should have to wait for one.
 */
final class BatchSize {
    /** Below this the overhead of a transaction outweighs its work. */
    static final long SMALL = 500;

    private final long most;
    private final Duration longest;
    private long rows;
    private long carefulUntil = Long.MIN_VALUE;

    /** @param longest how long a batch should take at most */
    BatchSize(long most, Duration longest) {
        this.most = most;
        this.longest = longest;
        this.rows = most;
    }

    long rows() {
        return rows;
    }

    void succeeded(long to, Duration took) {
        if (took.compareTo(longest) > 0) {
            rows = Math.max(Math.min(SMALL, rows), rows / 2);
        } else if (to > carefulUntil && took.multipliedBy(2).compareTo(longest) < 0) {
            rows = Math.min(most, rows * 2);
        }
    }

    /** A row of the batch was locked by somebody else; until it is passed, batches do not grow. */
    void failed(Keys.Range batch) {
        rows = Math.max(1, Math.min(rows, batch.rows()) / 2);
        carefulUntil = Math.max(carefulUntil, batch.to());
    }
}
