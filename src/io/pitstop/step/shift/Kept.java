package io.pitstop.step.shift;

import io.pitstop.error.PitstopException;
import io.pitstop.release.Colour;
import io.pitstop.traffic.TrafficRouter;

/** Users whom the router keeps on a colour that has no share any more: who says that the other is live must name them. */
public final class Kept {
    private Kept() {}

    /** What to say after that users have left {@code colour}: a sentence with a space before it, or nothing. */
    public static String on(TrafficRouter router, Colour colour) {
        try {
            return router.kept(colour).map(kept -> " But " + kept + ".").orElse("");
        } catch (PitstopException unanswered) {
            // Users have moved, which matters more than that this cannot be asked.
            return " Whether cookies keep users on " + colour + " cannot be asked: " + unanswered.getMessage();
        }
    }
}
