package io.pitstop.backfill.brake;

import java.time.Instant;
import java.util.Optional;

/**
 * What an operator wants of a backfill.
 *
 * @param pausedUntil empty if it is not paused now
 * @param rowsPerSecond of all processes together; infinite if nobody said
 * @param share of what would be possible, above 0, at most 1
 * @param person who said so last
 */
public record Order(Optional<Instant> pausedUntil, double rowsPerSecond, double share, String person) {
    static final Order NONE = new Order(Optional.empty(), Double.POSITIVE_INFINITY, 1, "");

    @Override
    public String toString() {
        if (pausedUntil.isPresent()) {
            return "paused by " + person + " until " + pausedUntil.get();
        }
        String rate = Double.isInfinite(rowsPerSecond) ? "" : Math.round(rowsPerSecond) + " rows/s at most";
        String part = share < 1 ? Math.round(100 * share) + " % of what would be possible" : "";
        String both = rate + (rate.isEmpty() || part.isEmpty() ? "" : ", ") + part;
        return both.isEmpty() ? "no orders" : both + " by order of " + person;
    }
}
