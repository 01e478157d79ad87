package io.pitstop.cli;

import io.pitstop.cli.wiring.Wiring;
import io.pitstop.config.Approvable;
import io.pitstop.config.ShiftConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.step.Approve;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "approve",
        description = "Show what a step would do, or record that somebody approved or declined what was shown.")
final class ApproveCommand extends StepCommand {
    @Option(
            names = "--step",
            paramLabel = "STEP",
            required = true,
            description = "deploy-green, switch-traffic or contract: what is to be approved.")
    private String step;

    @Mixin
    private ShiftOptions shift;

    @Option(
            names = "--accept-risk",
            paramLabel = "REASON",
            description = "Show contract as it goes on without the evidence that is missing now, for this reason, which"
                    + " is recorded with your name.")
    private String acceptRisk;

    @Option(names = "--by", paramLabel = "NAME", description = "Who decided; with --hash or --declined.")
    private String by;

    @Option(
            names = "--hash",
            paramLabel = "HASH",
            description = "Approve what was shown under this hash; with --declined, decline just that.")
    private String hash;

    @Option(names = "--declined", paramLabel = "REASON", description = "Decline it: the step is refused from now on.")
    private String declined;

    @Override
    Approve.Result run(Wiring wiring, Optional<String> release) {
        Approve.Question question = new Approve.Question(approvable(), shift(wiring), acceptedRisk());
        Approve.Result result = wiring.approve().run(release, question, answer());
        if (by == null) {
            print(result, wiring.progress());
        }
        return result;
    }

    private Approvable approvable() {
        return Approvable.of(step)
                .orElseThrow(() -> new InvalidConfig(
                        "--step is '" + step + "'.", "Write deploy-green, switch-traffic or contract."));
    }

    private ShiftConfig shift(Wiring wiring) {
        if (approvable() != Approvable.SWITCH_TRAFFIC && !shift.isEmpty()) {
            throw new InvalidConfig(
                    "--plan, --steps and --bake-time say how users move, which "
                            + approvable().step() + " does not do.",
                    "Leave them out, or approve switch-traffic.");
        }
        return shift.over(wiring.config().traffic().shift());
    }

    private Optional<String> acceptedRisk() {
        if (acceptRisk != null && approvable() != Approvable.CONTRACT) {
            throw new InvalidConfig(
                    "--accept-risk is about evidence that contract needs, and "
                            + approvable().step() + " does not.",
                    "Leave it out, or approve contract.");
        }
        if (acceptRisk != null && by != null) {
            throw new InvalidConfig(
                    "--accept-risk would change what was shown, which is to be answered.",
                    "Give it when you ask, without --by.");
        }
        return Optional.ofNullable(acceptRisk);
    }

    private Optional<Approve.Answer> answer() {
        if (by == null && hash == null && declined == null) {
            return Optional.empty();
        }
        if (by == null || by.isBlank() || hash == null && declined == null) {
            throw new InvalidConfig(
                    "--by names who decided, and --hash or --declined what.",
                    "Give --by with one of the other two, or none of them to see what is to be approved.");
        }
        if (declined != null && declined.isBlank()) {
            throw new InvalidConfig("--declined is empty.", "Say why it is declined.");
        }
        if (hash != null && !hash.matches("[0-9a-f]{64}")) {
            throw new InvalidConfig("--hash is '" + hash + "'.", "Copy all of the hash that pitstop approve showed.");
        }
        return Optional.of(new Approve.Answer(by, Optional.ofNullable(hash), declined == null ? "" : declined));
    }

    private static void print(Approve.Result result, Consumer<String> out) {
        print("What " + result.step() + " would do:", result.subject(), out);
        print("Now:", result.evidence(), out);
        print("Afterwards:", result.afterwards(), out);
    }

    private static void print(String title, List<String> lines, Consumer<String> out) {
        if (!lines.isEmpty()) {
            out.accept(title);
            lines.forEach(line -> out.accept("  " + line));
        }
    }
}
