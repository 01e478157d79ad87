package io.pitstop.traffic.alb;

import io.pitstop.aws.Attempts;
import io.pitstop.aws.AwsFailure;
import io.pitstop.config.AlbConfig.Stickiness;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.traffic.Split;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * One order to move the split, and what became of it.
 *
 * <p>The answer to the order is no proof, and without an answer it may have been carried out all the same. So the split is
 * read until it is as ordered, for as long as answers of AWS may be behind.
 */
final class AlbOrder {
    /** An answer that is behind could look like an order that nobody has confirmed; it does not do so again and again. */
    static final int AGREEING_READS = 3;

    static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final String CONFLICT = "InvalidConfigurationRequest";

    private final AlbPlace place;
    private final AlbAction before;
    private final Split target;
    private final boolean sticky;
    private final Duration within;

    AlbOrder(AlbPlace place, AlbAction before, Split target, Stickiness stickiness, Duration within) {
        this(place, before, target, before.sticksAt(target, stickiness), within);
    }

    private AlbOrder(AlbPlace place, AlbAction before, Split target, boolean sticky, Duration within) {
        this.place = place;
        this.before = before;
        this.target = target;
        this.sticky = sticky;
        this.within = within;
    }

    /** How far the order is known to have come before the split is read. */
    private enum Fate {
        /** AWS said that it is done. */
        TAKEN,
        /** AWS failed at it, so that it may be done; if it is not yet, it never will be. */
        FAILED,
        /** An attempt got no answer, so that it may be done, or may be yet. */
        LOST
    }

    /** Gives the order and returns once the split is as ordered; for what is thrown see {@link TrafficRouter#shift}. */
    void give() {
        Attempts attempts = new Attempts();
        SdkException failure = null;
        try {
            place.order(before.order(target, sticky), attempts);
        } catch (SdkException e) {
            if (attempts.wereRefused()) {
                refused(e);
                return;
            }
            failure = e;
        }
        Fate fate = failure == null ? Fate.TAKEN : attempts.wereLost() ? Fate.LOST : Fate.FAILED;
        confirm(fate, failure);
    }

    /** AWS lets nobody end stickiness between groups while there is one within a group: users must move all the same. */
    private void refused(SdkException refusal) {
        if (before.isSticky()
                && !sticky
                && AwsFailure.code(refusal).filter(CONFLICT::equals).isPresent()) {
            new AlbOrder(place, before, target, true, within).give();
            return;
        }
        throw AwsFailure.of(place + " was not moved to " + target + ", the split is as it was", refusal);
    }

    private void confirm(Fate fate, SdkException failure) {
        long end = System.nanoTime() + within.toNanos();
        int needed = fate == Fate.TAKEN ? 1 : AGREEING_READS;
        int agreeing = 0;
        Duration pause = FIRST_PAUSE;
        while (true) {
            PitstopException unreadable = null;
            AlbAction now = null;
            try {
                now = place.read();
                agreeing = now.split().equals(target) && now.isSticky() == sticky ? agreeing + 1 : 0;
            } catch (PitstopException e) {
                unreadable = e;
                agreeing = 0;
            }
            if (agreeing >= needed) {
                return;
            }
            if (System.nanoTime() >= end) {
                throw now == null ? unknown(unreadable) : contradicted(fate, now.split(), failure);
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private OutcomeUnknown unknown(PitstopException unreadable) {
        return new OutcomeUnknown(
                target + " was ordered, and whether it is served cannot be read: " + unreadable.getMessage(),
                "Find out who serves users: look at the weights of " + place + ".",
                unreadable);
    }

    private PitstopException contradicted(Fate fate, Split now, SdkException failure) {
        String serves = place + " serves " + now + " after " + within.toSeconds() + " s";
        if (!now.equals(before.split())) {
            return new OutcomeUnknown(
                    target + " was ordered at " + before.split() + ", but " + serves + ".",
                    "Look for another writer of it, such as a running terraform apply.",
                    failure);
        }
        return switch (fate) {
            case TAKEN -> new OutcomeUnknown(
                    "AWS accepted " + target + ", but " + serves + " as before.",
                    "Look for another writer of it, such as a running terraform apply.");
            case LOST -> new OutcomeUnknown(
                    target + " was ordered without an answer: " + AwsFailure.words(failure) + ". " + serves
                            + " as before, but the order may come yet.",
                    "Watch the weights of " + place + " for some minutes, then run the step again.",
                    failure);
            case FAILED -> new DependencyFailed(
                    "AWS failed at " + target + ": " + AwsFailure.words(failure) + ". The split is as it was: " + now
                            + ".",
                    "Run the step again.",
                    failure);
        };
    }

    static void pause(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("the split was read");
        }
    }
}
