package io.pitstop.step.shift;

import io.pitstop.release.Colour;
import io.pitstop.traffic.Readiness;
import java.util.Optional;

/** Whether the targets of the colour that gets users are fit for them. */
final class TargetWatch {
    private static final int BAD_LOOKS = 2;

    private final Readiness readiness;
    private final Colour candidate;
    private int badLooks;

    TargetWatch(Readiness readiness, Colour candidate) {
        this.readiness = readiness;
        this.candidate = candidate;
    }

    /** Why it should get no more users now. */
    Optional<String> objection() {
        return readiness.objection(candidate);
    }

    /** While users are on it, one bad look may be the moment in which a target is replaced; two in a row are not. */
    Optional<String> look() {
        Optional<String> inability = readiness.inability(candidate);
        badLooks = inability.isPresent() ? badLooks + 1 : 0;
        return badLooks >= BAD_LOOKS ? inability : Optional.empty();
    }
}
