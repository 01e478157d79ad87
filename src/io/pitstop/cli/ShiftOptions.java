package io.pitstop.cli;

import io.pitstop.config.ShiftConfig;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How users move, where it is not to be as the configuration says. */
final class ShiftOptions {
    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description = "all-at-once, canary or linear. Default: traffic.shift of the configuration.")
    private String plan;

    @Option(
            names = "--steps",
            paramLabel = "N",
            split = ",",
            description = "Rising percentages that end with 100, such as 5,25,50,100.")
    private List<Integer> steps = List.of();

    @Option(names = "--bake-time", paramLabel = "TIME", description = "How long each split is held, such as 2m.")
    private String bakeTime;

    boolean isEmpty() {
        return plan == null && steps.isEmpty() && bakeTime == null;
    }

    ShiftConfig over(ShiftConfig configured) {
        return configured.with(Optional.ofNullable(plan), steps, Optional.ofNullable(bakeTime));
    }
}
