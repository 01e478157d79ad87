package io.pitstop.cli;

import io.pitstop.cli.output.Failures;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.error.PitstopException;
import io.pitstop.step.Doctor;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at everything a release needs and says what to mend; changes nothing, and tells nobody unless it is asked to. */
@Command(
        name = "doctor",
        description = "Check everything that a release needs and say what to mend.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
    private static final int REFUSED = 3;

    @Mixin
    private PitstopOptions options;

    @Option(
            names = "--notify",
            description = "Also send a test message to everybody whom pitstop.yml names in notifications.")
    private boolean notify;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Wiring wiring = Wiring.from(options.config(), line -> {});
            List<Doctor.Finding> findings =
                    new ArrayList<>(wiring.looks().doctor().examine());
            if (notify) {
                wiring.announcements(spec.name(), line -> {}).test().stream()
                        .map(Doctor.Finding::of)
                        .forEach(findings::add);
            }
            for (Doctor.Finding finding : findings) {
                out.printf("%-4s %-12s %s%n", finding.healthy() ? "ok" : "BAD", finding.what(), finding.detail());
                if (!finding.healthy()) {
                    out.printf("     Next: %s%n", finding.hint());
                }
            }
            out.flush();
            return findings.stream().allMatch(Doctor.Finding::healthy) ? 0 : REFUSED;
        } catch (PitstopException expected) {
            return Failures.print(spec.commandLine().getErr(), expected);
        }
    }
}
