package io.pitstop.cli;

import io.pitstop.config.ShiftConfig;
import io.pitstop.step.SwitchTraffic;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "switch-traffic",
        description = "Give all user traffic to the new version step by step, watching the gates.")
final class SwitchTrafficCommand extends StepCommand {
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

    @Override
    SwitchTraffic.Result run(Wiring wiring, Optional<String> release) {
        ShiftConfig shift =
                wiring.config().traffic().shift().with(Optional.ofNullable(plan), steps, Optional.ofNullable(bakeTime));
        return wiring.switchTraffic().run(release, shift);
    }
}
