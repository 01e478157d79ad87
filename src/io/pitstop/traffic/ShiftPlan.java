package io.pitstop.traffic;

import io.pitstop.config.ShiftConfig;
import io.pitstop.release.Colour;
import java.util.List;

/**
 * The splits that lead all traffic to a candidate, one after the other.
 *
 * @param steps percentages of the candidate; rising, the last is 100
 */
public record ShiftPlan(List<Integer> steps) {
    public ShiftPlan {
        if (!ShiftConfig.isRising(steps)) {
            throw new IllegalArgumentException("steps must rise and end with 100, not " + steps);
        }
        steps = List.copyOf(steps);
    }

    public static ShiftPlan of(ShiftConfig shift) {
        return new ShiftPlan(shift.steps());
    }

    /** What is still to come, so that a shift that was cut short goes on from where it is; empty once all is done. */
    public List<Split> remaining(Split now, Colour candidate) {
        return steps.stream()
                .filter(percent -> percent > now.of(candidate))
                .map(percent -> Split.giving(candidate, percent))
                .toList();
    }
}
