package io.pitstop.backfill.crew;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many rows the next batch takes: as many as fit into the time that a batch should take, by what the recent batches
 * needed for a row. The usual ones fit, and nine of ten take no more than a few times as long.
 *
 * <p>A batch of a small number of rows pays for its transaction more than for its rows, one of a large number makes whoever
 * wants one of them wait. What held up a batch that others on the machine were faster than is no matter of its size: the
 * smaller it was, the slower each of its rows would seem, and the smaller the next one would be.
 */
final class BatchSize {
    private static final int RECENT = 10;
    private static final double GROWTH = 1.5;

    /** The slow ones may take so many times the time of a batch, and as much as others on the machine take in between. */
    private static final double SLOW = 3;

    private static final double HELD_UP_SECONDS = 0.01;

    /** But are no reason for the usual ones to take less than this part of it. */
    private static final double LEAST = 0.25;

    private static final int FIRST = 1_000;

    private final long most;
    private final Deque<Double> secondsPerRow = new ArrayDeque<>();
    private long rows;
    private long carefulRows;

    BatchSize(long most) {
        this.most = most;
        this.rows = Math.min(FIRST, most);
    }

    long rows() {
        return rows;
    }

    /**
     * A batch of {@code walked} rows was committed.
     *
     * @param took how long its statements took, and {@code target} how long they should
     */
    void succeeded(long walked, Duration took, Duration target) {
        double seconds = took.toNanos() / 1e9;
        double wanted = target.toNanos() / 1e9;
        secondsPerRow.addLast(seconds / Math.max(1, walked));
        if (secondsPerRow.size() > RECENT) {
            secondsPerRow.removeFirst();
        }
        if (carefulRows > 0) {
            carefulRows -= walked;
        } else if (seconds > 5 * wanted) {
            rows = Math.max(1, rows / 5);
        } else {
            double usual = wanted / secondsForARow(5);
            double slow = (SLOW * wanted + HELD_UP_SECONDS) / secondsForARow(9);
            double fits = Math.max(LEAST * usual, Math.min(usual, slow));
            rows = Math.max(1, Math.min(most, Math.round(Math.min(fits, rows * GROWTH + 1))));
        }
    }

    /**
     * A batch of {@code walked} rows was rolled back. As long as its rows are not behind us, batches do not grow: what
     * was in the way of one is in the way of the next.
     */
    void failed(long walked) {
        carefulRows = Math.max(carefulRows, walked);
        rows = Math.max(1, Math.min(rows, walked) / 2);
        secondsPerRow.clear(); // they say little of what is in the way here
    }

    /** What was in the way is behind us. */
    void passed() {
        carefulRows = 0;
        secondsPerRow.clear();
    }

    /** That {@code tenths} of ten recent batches did not need. */
    private double secondsForARow(int tenths) {
        double[] sorted =
                secondsPerRow.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Math.max(1e-9, sorted[(sorted.length - 1) * tenths / 10]);
    }
}
