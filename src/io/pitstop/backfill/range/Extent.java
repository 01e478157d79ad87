package io.pitstop.backfill.range;

/**
 * How far all workers together are in the present pass.
 *
 * @param ranges into which the table is cut; 0 if the pass is not planned
 * @param finished of them
 * @param estimate rows to walk, by the planner's figures
 * @param walked rows that were walked, filled before or not
 * @param rows rows written
 * @param workers that have a range now
 */
public record Extent(
        long ranges, long finished, long estimate, long walked, long rows, long batches, double seconds, long workers) {
    public boolean isPlanned() {
        return ranges > 0;
    }

    public boolean isDone() {
        return finished == ranges;
    }

    /** From 0 to 1. */
    public double share() {
        return isDone() ? 1 : Math.min(0.999, (double) walked / Math.max(1, estimate));
    }
}
