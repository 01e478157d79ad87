package io.pitstop.cli;

import io.pitstop.cli.output.Failures;
import io.pitstop.cli.wiring.Settings;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.config.PitstopConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.step.Plan;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows every setting with its default, and what a release would do; changes nothing. */
@Command(
        name = "plan",
        description = "Show every setting and what a release would do, without doing it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private PitstopOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Wiring wiring = Wiring.from(options.config(), line -> {});
            print(wiring.config(), out);
            out.flush();
            print(wiring.looks().plan().read(), out);
            out.flush();
            return 0;
        } catch (PitstopException expected) {
            return Failures.print(spec.commandLine().getErr(), expected);
        }
    }

    private static void print(PitstopConfig config, PrintWriter out) {
        out.println("Settings, defaults included:");
        new Settings(config).lines().forEach(out::println);
    }

    private static void print(Plan.Report plan, PrintWriter out) {
        out.println("Now:");
        out.printf("  %-36s %s%n", "traffic", plan.split());
        plan.versions().forEach((colour, version) -> out.printf("  %-36s version %s%n", colour, version));
        out.println("A release would:");
        print("migrate-expand", plan.expand(), out);
        print("backfill, then finish", plan.finish(), out);
        print("contract", plan.contract(), out);
    }

    private static void print(String step, List<String> scripts, PrintWriter out) {
        out.printf("  %-36s %s%n", step, scripts.isEmpty() ? "no migrations" : String.join(", ", scripts));
    }
}
