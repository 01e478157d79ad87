package io.pitstop.step;

import java.time.Duration;
import java.util.Optional;

/**
 * How one run of switch-traffic takes part in a switch that may need several of them.
 *
 * @param atMost how long it may stay; a bake that is not over by then is left to the next run. Empty to stay to the end
 * @param resume go on with the switch that an earlier run left, and refuse to begin one: users may have been put back
 *     meanwhile, and must not be moved again by somebody who does not know
 */
public record Visit(Optional<Duration> atMost, boolean resume) {
    /** One run that does all of it. */
    public static Visit untilDone() {
        return new Visit(Optional.empty(), false);
    }
}
