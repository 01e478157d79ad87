package io.pitstop.step;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.sql.SQLException;

/** What a rollback says while the journal does not answer: how users go back all the same. */
final class WithoutJournal {
    private static final String COMMAND = "Run pitstop rollback --without-journal --to ";

    private WithoutJournal() {}

    /** True if it was the database that failed, not the router, and not a lease that was lost. */
    static boolean isMeant(DependencyFailed failure) {
        return failure.getCause() instanceof SQLException;
    }

    /** For a release that was read before the journal fell silent: its old colour is known. */
    static DependencyFailed to(Colour old, DependencyFailed failure) {
        return new DependencyFailed(
                failure.getMessage(),
                COMMAND + old + " to move users now, and pitstop rollback once the database is back.",
                failure);
    }

    /** For a release that could not be read: who serves users is all that is known. */
    static DependencyFailed asServed(TrafficRouter router, DependencyFailed failure) {
        try {
            Split now = router.split();
            return new DependencyFailed(
                    failure.getMessage() + " The router serves " + now + ".", COMMAND + choice(now), failure);
        } catch (PitstopException unanswered) {
            return new DependencyFailed(
                    failure.getMessage() + " The router does not answer either: " + unanswered.getMessage(),
                    COMMAND + "blue, or --to green if green has the old version.",
                    failure);
        }
    }

    /** Until the middle of a plan most users are on the old colour, at its end all are on the new one. */
    private static String choice(Split now) {
        for (Colour colour : Colour.values()) {
            if (now.isAllTo(colour)) {
                return colour.other() + " if " + colour + ", where all users are, has the new version.";
            }
        }
        Colour most = now.of(Colour.BLUE) >= now.of(Colour.GREEN) ? Colour.BLUE : Colour.GREEN;
        return most + ", or --to " + most.other() + " if " + most.other() + " has the old version.";
    }
}
