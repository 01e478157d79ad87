package io.pitstop.backfill.crew;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many rows the next batch takes: as many as fit into the time that a batch should take, by what the slow ones among
 * the recent batches needed for a row.
 *
 * <p>A batch of a small number of rows pays for its transaction more than for its rows, one of a large number makes whoever
 * wants one of them wait.
 */
final class BatchSize {
    private static final int RECENT = 10;
    private static final double GROWTH = 1.5;
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
            shrinkTo(rows / 5);
        } else {
            double fits = wanted / slow();
            rows = Math.max(1, Math.min(most, Math.round(Math.min(fits, rows * GROWTH + 1))));
        }
    }

    /**
     * A batch of {@code walked} rows was rolled back. As long as its rows are not behind us, batches do not grow: what
     * was in the way of one is in the way of the next.
     */
    void failed(long walked) {
        carefulRows = Math.max(carefulRows, walked);
        shrinkTo(Math.min(rows, walked) / 2);
    }

    /** What was in the way is behind us. */
    void passed() {
        carefulRows = 0;
        secondsPerRow.clear();
    }

    /** What was measured of larger batches says little of smaller ones. */
    private void shrinkTo(long smaller) {
        rows = Math.max(1, smaller);
        secondsPerRow.clear();
    }

    /** Nine of ten recent batches needed less for a row. */
    private double slow() {
        double[] sorted =
                secondsPerRow.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Math.max(1e-9, sorted[(sorted.length - 1) * 9 / 10]);
    }
}
