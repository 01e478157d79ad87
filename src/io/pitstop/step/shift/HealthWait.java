package io.pitstop.step.shift;

import io.pitstop.error.CheckFailed;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Readiness;
import java.time.Duration;

/** Waits until the router itself finds a colour healthy: what it sees counts, not what we see. */
public final class HealthWait {
    private final Readiness readiness;
    private final Duration within;

    public HealthWait(Readiness readiness, Duration within) {
        this.readiness = readiness;
        this.within = within;
    }

    /** @throws CheckFailed if the colour is not healthy in time */
    public void await(Colour colour) {
        readiness.await(colour, within).ifPresent(objection -> {
            throw new CheckFailed(
                    objection + " It had " + within.toSeconds() + " s.",
                    "Read the log of " + colour + ", mend it, run deploy-green again.");
        });
    }

    /** Looks without waiting. */
    public boolean isReady(Colour colour) {
        return readiness.objection(colour).isEmpty();
    }
}
