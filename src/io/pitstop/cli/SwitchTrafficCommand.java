package io.pitstop.cli;

import io.pitstop.cli.wiring.Wiring;
import io.pitstop.config.Quantity;
import io.pitstop.config.ShiftConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.step.SwitchTraffic;
import io.pitstop.step.Visit;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "switch-traffic",
        description = "Give all user traffic to the new version step by step, watching the gates.")
final class SwitchTrafficCommand extends StepCommand {
    @Mixin
    private ShiftOptions shift;

    @Option(
            names = "--watch",
            paramLabel = "TIME",
            description = "Stay at most this long, such as 3m. A bake that is not over by then goes on without"
                    + " this process; the result says when to run the command again.")
    private String watch;

    @Option(
            names = "--resume",
            description = "Go on with a switch that an earlier run left; refused if users were put back since.")
    private boolean resume;

    @Override
    SwitchTraffic.Result run(Wiring wiring, Optional<String> release) {
        ShiftConfig asked = shift.over(wiring.config().traffic().shift());
        return wiring.switchTraffic(asked)
                .run(release, asked, new Visit(Optional.ofNullable(watch).map(this::time), resume));
    }

    private Duration time(String text) {
        return Quantity.duration(text)
                .filter(time -> !time.isZero())
                .orElseThrow(() -> new InvalidConfig(
                        "--watch is '" + text + "'.", "Write a number above 0 with its unit, such as 90s or 3m."));
    }
}
