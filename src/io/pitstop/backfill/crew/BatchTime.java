package io.pitstop.backfill.crew;

import java.time.Duration;

/**
 * How long the statements of a batch should take, and when to wait for the disk.
 *
 * <p>With nobody beside it, as long as it was asked for. Beside an application much less: its rows are what somebody may
 * want, and no other session should find a processor taken for long. A few times as much where most rows are only looked
 * at, which nobody waits for. And never less than some ways to the server, of which one is in each batch: of a server far
 * away, or under brakes, batches would come down to a row.
 *
 * <p>What batches leave for the disk to write is what the application's next commit waits for. So beside one every few
 * batches wait for the disk; but not so often that most of the time went by with that, which an application on a slow disk
 * is used to.
 */
final class BatchTime {
    private static final double SHORT_SECONDS = 0.002;
    private static final double LOOK_SECONDS = 0.02;
    private static final double PILE_SECONDS = 0.004;
    private static final double TIMES_THE_WAIT = 2;
    private static final double TIMES_THE_WAY = 2;
    private static final double NEWEST = 0.1;

    private final double target;
    private double wait;
    private double way;
    private double piled;
    private double written = 1;

    /** @param target with nobody beside it */
    BatchTime(Duration target) {
        this.target = target.toNanos() / 1e9;
    }

    /** A batch has worked for so long without having waited for the disk. */
    void piled(Duration worked) {
        piled += worked.toNanos() / 1e9;
    }

    /** A commit that did not wait for the disk has taken so long: the way to the server and back, for the most part. */
    void noted(Duration commit) {
        double seconds = Math.min(commit.toNanos() / 1e9, target);
        way = way == 0 ? seconds : way + NEWEST * (seconds - way);
    }

    /** A commit has waited for the disk for so long. */
    void waited(Duration commit) {
        piled = 0;
        wait += NEWEST * (Math.min(commit.toNanos() / 1e9, target) - wait);
    }

    /** A batch has written {@code rows} of the {@code walked} rows. Others that write are likely to follow at once. */
    void wrote(long rows, long walked) {
        double share = Math.min(1, (double) rows / Math.max(1, walked));
        written = Math.max(share, written + NEWEST * (share - written));
    }

    /** Whether the next batch should wait until all of them are on the disk. */
    boolean isDiskDue(boolean isBeside) {
        return isBeside && piled + SHORT_SECONDS > Math.max(PILE_SECONDS, TIMES_THE_WAIT * wait);
    }

    /**
     * @param isBeside true if an application works on the database, too
     * @param share of the usual time that a batch may take now, above 0, at most 1
     */
    Duration wanted(boolean isBeside, double share) {
        double usual = isBeside ? Math.min(target, Math.min(LOOK_SECONDS, SHORT_SECONDS / written)) : target;
        return Duration.ofNanos(Math.round(Math.max(usual * share, Math.min(target, TIMES_THE_WAY * way)) * 1e9));
    }
}
