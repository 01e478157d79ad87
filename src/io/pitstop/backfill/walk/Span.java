package io.pitstop.backfill.walk;

/**
 * What one batch fills, both ends included.
 *
 * @param rows about how many rows lie in it; 1 if it cannot be made smaller
 * @param unit what the positions are, such as {@code key}
 */
public record Span(Position from, Position to, long rows, String unit) {
    /** True if a smaller batch is not possible. */
    public boolean isSingle() {
        return rows == 1;
    }

    @Override
    public String toString() {
        return from.equals(to) ? unit + " " + from : unit + "s " + from + " to " + to;
    }
}
