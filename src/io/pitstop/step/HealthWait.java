package io.pitstop.step;

import io.pitstop.error.CheckFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.release.Colour;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;

/** Waits until the router itself finds a colour healthy: what it sees counts, not what we see. */
public final class HealthWait {
    private static final long LOOK_EVERY_MS = 200;

    private final TrafficRouter router;
    private final Duration within;

    public HealthWait(TrafficRouter router, Duration within) {
        this.router = router;
        this.within = within;
    }

    /** @throws CheckFailed if the colour is not healthy in time */
    void await(Colour colour) {
        long deadline = System.nanoTime() + within.toNanos();
        TargetHealth health = router.health(colour);
        while (!health.isHealthy()) {
            if (System.nanoTime() > deadline) {
                throw new CheckFailed(
                        "The router finds " + colour + " unhealthy after " + within.toSeconds() + " s: " + health + ".",
                        "Read the log of " + colour + ", mend it, run deploy-green again.");
            }
            pause(colour);
            health = router.health(colour);
        }
    }

    private static void pause(Colour colour) {
        try {
            Thread.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("waiting until " + colour + " is healthy");
        }
    }
}
