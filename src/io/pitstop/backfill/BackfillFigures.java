package io.pitstop.backfill;

import io.pitstop.backfill.brake.Reading;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How far a backfill is at one moment, by all processes together where nothing else is said.
 *
 * @param file that is worked by
 * @param walked rows of the present pass that are behind it, filled before or not
 * @param total about how many rows there are; less than {@code walked} is never said
 * @param rowsPerSecond that were walked in the last seconds
 * @param left about how long the pass will take; empty if it stands still
 * @param leftError by what part of it that may be wrong; 0 as long as nobody knows
 * @param batches committed in the present pass
 * @param batchMs how long recent batches took on average; 0 if there were none
 * @param workers that have a range now
 * @param setAside rows that could not be filled so far
 * @param beside true if an application works on the database, too, and batches are short therefore
 * @param heldTo rows a second that this process may write; infinite if nothing limits it, 0 if it is stopped
 * @param brakes what each signal and order says, by its name; good ones too
 */
public record BackfillFigures(
        String file,
        long walked,
        long total,
        double rowsPerSecond,
        Optional<Duration> left,
        double leftError,
        long batches,
        double batchMs,
        long workers,
        long setAside,
        boolean beside,
        double heldTo,
        Map<String, Reading> brakes) {
    public BackfillFigures {
        brakes = Map.copyOf(brakes);
    }

    /** Gets the figures every few seconds while a file is worked on, on the thread that waits for its workers. */
    public interface Listener {
        /** Must return soon, and not throw. */
        void take(BackfillFigures figures);

        /** No row of the file remains. Must not throw, either. */
        default void ended() {}

        /** True if people see the figures, so that no line of the log has to tell them. */
        default boolean isSeen() {
            return false;
        }

        /** For those who only read the log. */
        Listener NONE = figures -> {};
    }

    /** From 0 to 1. */
    public double share() {
        return Math.min(1, (double) walked / Math.max(1, total));
    }
}
