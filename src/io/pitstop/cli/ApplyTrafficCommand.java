package io.pitstop.cli;

import io.pitstop.cli.output.Failures;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.error.PitstopException;
import io.pitstop.step.ApplyTraffic;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Applies the module of the load balancer; no step of a release. */
@Command(
        name = "apply-traffic",
        description = "Apply the Terraform module of what splits the traffic; users stay on the colour they are on.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ApplyTrafficCommand implements Callable<Integer> {
    @Mixin
    private PitstopOptions options;

    @Option(names = "--plan", description = "Only show the plan, and whether it would be refused.")
    private boolean only;

    @Option(
            names = "--accept",
            paramLabel = "ADDRESS",
            description = "Let this be changed although it may cut users off; may be repeated.")
    private Set<String> accepted = new LinkedHashSet<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Consumer<String> progress = line -> {
                out.println("  " + line);
                out.flush();
            };
            Wiring wiring = Wiring.from(options.config(), progress);
            ApplyTraffic.Result result = wiring.announcements(spec.name(), progress)
                    .during(Optional::empty, () -> wiring.applyTraffic().run(only, accepted));
            out.println(result.message());
            out.flush();
            return 0;
        } catch (PitstopException expected) {
            return Failures.print(spec.commandLine().getErr(), expected);
        }
    }
}
