package io.pitstop.step.inquiry;

import io.pitstop.config.Quantity;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Waits until a colour has finished what it was sent while it had a share. */
public final class DrainWait {
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(30);

    private final TrafficRouter router;
    private final Duration within;
    private final Duration pause;
    private final Consumer<String> progress;

    /** @param within how long to wait at most */
    public DrainWait(TrafficRouter router, Duration within, Consumer<String> progress) {
        this(router, within, PAUSE, progress);
    }

    /** @param pause between two looks */
    public DrainWait(TrafficRouter router, Duration within, Duration pause, Consumer<String> progress) {
        this.router = router;
        this.within = within;
        this.pause = pause;
        this.progress = progress;
    }

    /**
     * Waits until nothing of users is at {@code colour} any more.
     *
     * @param since when it had lost its last share
     * @param beforeEachLook throws to end the wait
     * @throws MoveRefused saying what is still missing when the time is over
     */
    void await(Colour colour, Instant since, Runnable beforeEachLook) {
        long begun = System.nanoTime();
        long nextReport = 0;
        while (true) {
            beforeEachLook.run();
            Drained drained = router.drained(colour, since);
            if (drained.done()) {
                return;
            }
            long passed = System.nanoTime() - begun;
            if (passed >= within.toNanos()) {
                throw refusal(colour, drained, " within " + Quantity.text(within));
            }
            if (passed >= nextReport) {
                nextReport += REPORT_EVERY.toNanos();
                progress.accept("waiting until " + colour + " has drained, "
                        + Duration.ofNanos(passed).toSeconds() + "s of " + Quantity.text(within) + ": "
                        + drained.evidence());
            }
            pause(colour);
        }
    }

    /**
     * Returns what shows, now, that nothing of users is at {@code colour} any more.
     *
     * @throws MoveRefused saying what is missing
     */
    String evidence(Colour colour, Instant since) {
        Drained drained = router.drained(colour, since);
        if (!drained.done()) {
            throw refusal(colour, drained, "");
        }
        return colour + " has drained: " + drained.evidence();
    }

    private static MoveRefused refusal(Colour colour, Drained drained, String within) {
        return new MoveRefused(
                colour + " has not drained" + within + ": " + drained.evidence() + ".",
                "Let its users finish, then run contract again.");
    }

    private void pause(Colour colour) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting until " + colour + " has drained");
        }
    }
}
