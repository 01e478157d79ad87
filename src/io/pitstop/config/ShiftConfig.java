package io.pitstop.config;

import io.pitstop.error.InvalidConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How traffic moves to the candidate.
 *
 * @param plan name of the plan, for people
 * @param steps percentages that the candidate gets one after the other; rising, the last is 100
 * @param bake how long each split is held while the gates are watched
 */
public record ShiftConfig(Plan plan, List<Integer> steps, Duration bake) {
    /** The shapes of a shift. */
    public enum Plan {
        ALL_AT_ONCE,
        CANARY,
        LINEAR
    }

    /** The percentages of a plan for which none were given. */
    public static List<Integer> defaultSteps(Plan plan) {
        return switch (plan) {
            case ALL_AT_ONCE -> List.of(100);
            case CANARY -> List.of(5, 25, 50, 100);
            case LINEAR -> List.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100);
        };
    }

    /** True if {@code steps} rise from at least 1 to 100. */
    public static boolean isRising(List<Integer> steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) <= (i == 0 ? 0 : steps.get(i - 1))) {
                return false;
            }
        }
        return !steps.isEmpty() && steps.get(steps.size() - 1) == 100;
    }

    /**
     * This shift with what the command line asks for instead.
     *
     * @param otherSteps empty for the plan's own
     */
    public ShiftConfig with(Optional<String> otherPlan, List<Integer> otherSteps, Optional<String> otherBake) {
        Plan newPlan = otherPlan
                .map(text -> Choice.of(Plan.class)
                        .apply(text)
                        .orElseThrow(() ->
                                new InvalidConfig("--plan is '" + text + "'.", "Write all-at-once, canary or linear.")))
                .orElse(plan);
        List<Integer> newSteps = otherSteps.isEmpty() ? newPlan == plan ? steps : defaultSteps(newPlan) : otherSteps;
        if (!isRising(newSteps)) {
            throw new InvalidConfig(
                    "--steps is " + newSteps + ".", "Write rising percentages that end with 100, such as 5,25,50,100.");
        }
        Duration newBake = otherBake
                .map(text -> Quantity.duration(text)
                        .orElseThrow(() -> new InvalidConfig(
                                "--bake-time is '" + text + "'.", "Write a number with its unit, such as 30s or 2m.")))
                .orElse(bake);
        return new ShiftConfig(newPlan, newSteps, newBake);
    }

    static ShiftConfig byDefault() {
        return new ShiftConfig(Plan.CANARY, defaultSteps(Plan.CANARY), Duration.ofMinutes(2));
    }

    static ShiftConfig from(Section section) {
        Plan plan = section.find("plan", Choice.of(Plan.class), "all-at-once, canary or linear")
                .orElse(Plan.CANARY);
        List<Integer> steps = section.integers("steps", defaultSteps(plan));
        if (!isRising(steps)) {
            throw section.invalid(
                    "steps",
                    section.path("steps") + " do not rise to 100.",
                    "Write rising percentages that end with 100, such as [5, 25, 50, 100].");
        }
        ShiftConfig config = new ShiftConfig(plan, steps, section.duration("bake", Duration.ofMinutes(2)));
        section.end();
        return config;
    }
}
