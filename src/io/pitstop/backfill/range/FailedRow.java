package io.pitstop.backfill.range;

import io.pitstop.backfill.walk.Position;
import java.util.Set;

/**
 * A row that could not be filled.
 *
 * @param unit what the key is, such as {@code key} or {@code ctid}
 * @param line of the statement that failed, in its file
 * @param error in the server's words
 */
public record FailedRow(Position key, String unit, int line, String sqlState, String error) {
    /** Lock not available, deadlock, statement timeout, serialization failure. */
    private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01", "57014", "40001");

    /** True if somebody else's lock was the reason, and not the row itself. */
    public boolean isInTheWay() {
        return isInTheWay(sqlState);
    }

    public static boolean isInTheWay(String sqlState) {
        return IN_THE_WAY.contains(sqlState);
    }

    @Override
    public String toString() {
        return unit + " " + key + ": " + error + " (" + sqlState + ", line " + line + ")";
    }
}
