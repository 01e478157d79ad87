package io.pitstop.backfill.brake;

/**
 * What a signal says at one moment.
 *
 * @param reason why the backfill should do less, for people; empty if it need not
 */
public record Reading(Level level, String reason) {
    public static final Reading GOOD = new Reading(Level.GOOD, "");

    /** From nothing to do, up. */
    public enum Level {
        /** Nothing speaks against more. */
        GOOD,
        /** Something shares the disk with us that ends sooner if we do less; but it takes its time. */
        EASE,
        /** Somebody suffers, or soon will. */
        SLOW,
        /** No batch may begin. */
        STOP
    }

    static Reading ease(String reason) {
        return new Reading(Level.EASE, reason);
    }

    static Reading slow(String reason) {
        return new Reading(Level.SLOW, reason);
    }

    static Reading stop(String reason) {
        return new Reading(Level.STOP, reason);
    }
}
