package io.pitstop.backfill.crew;

import java.time.Duration;

/**
 * How long the statements of a batch should take.
 *
 * <p>With nobody beside it, as long as it was asked for. Beside an application much less: what a batch leaves for the disk
 * to write is what the application's next commit waits for, and so is its row what another one wants. But not so little
 * that most of the time went by with waiting for the disk, which an application on a slow one is used to. And a few times
 * as much where most rows are only looked at, which nobody waits for.
 */
final class BatchTime {
    private static final double SHORT_SECONDS = 0.004;
    private static final double TIMES_THE_WAIT = 2;
    private static final double NEWEST = 0.1;
    private static final double TIMES_TO_LOOK = 5;

    private final double target;
    private double wait;
    private double written = 1;

    /** @param target with nobody beside it */
    BatchTime(Duration target) {
        this.target = target.toNanos() / 1e9;
    }

    /** A commit has waited for the disk for so long. */
    void waited(Duration commit) {
        wait += NEWEST * (Math.min(commit.toNanos() / 1e9, target) - wait);
    }

    /** A batch has written {@code rows} of the {@code walked} rows. Others that write are likely to follow at once. */
    void wrote(long rows, long walked) {
        double share = Math.min(1, (double) rows / Math.max(1, walked));
        written = Math.max(share, written + NEWEST * (share - written));
    }

    /**
     * @param isBeside true if an application works on the database, too
     * @param share of the usual time that a batch may take now, above 0, at most 1
     */
    Duration wanted(boolean isBeside, double share) {
        double brief = Math.max(SHORT_SECONDS * Math.min(TIMES_TO_LOOK, 1 / written), TIMES_THE_WAIT * wait);
        double usual = isBeside ? Math.min(target, brief) : target;
        return Duration.ofNanos(Math.round(usual * share * 1e9));
    }
}
