package io.pitstop.cli;

import io.pitstop.error.PitstopException;
import io.pitstop.release.Event;
import io.pitstop.release.LeaseHolder;
import io.pitstop.step.Status;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a release; changes nothing. */
@Command(
        name = "status",
        description = "Show how far the release is, who serves users, and what may run next.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class StatusCommand implements Callable<Integer> {
    private static final int LATEST_EVENTS = 8;

    @Mixin
    private PitstopOptions options;

    @Option(names = "--release", paramLabel = "ID", description = "Default: the one under way, else the last one.")
    private String release;

    @Option(names = "--json", description = "Print the release as one JSON object, with all of its events.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws java.io.IOException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Wiring wiring = Wiring.from(options.config(), line -> {});
            Optional<Status.Report> report = wiring.status().read(Optional.ofNullable(release));
            if (json) {
                out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(report.orElse(null)));
            } else {
                report.ifPresentOrElse(
                        found -> print(found, out),
                        () -> out.println("No release yet. Next: pitstop migrate-expand --version VERSION"));
            }
            out.flush();
            return 0;
        } catch (PitstopException expected) {
            return Failures.print(spec.commandLine().getErr(), expected);
        }
    }

    private static void print(Status.Report report, PrintWriter out) {
        out.printf(
                "%s: %s %s to %s on %s, opened %s%n",
                report.release(),
                report.application(),
                report.fromVersion().isEmpty() ? "unknown" : report.fromVersion(),
                report.version(),
                report.candidate(),
                report.openedAt());
        report.finishedAt().ifPresent(at -> out.printf("  ended      %s%n", at));
        report.traffic().forEach(line -> out.printf("  traffic    %s%n", line));
        report.facts().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByValue())
                .forEach(fact -> out.printf("  holds      %s since %s%n", fact.getKey(), fact.getValue()));
        report.baking()
                .ifPresent(bake -> out.printf(
                        "  baking     %s since %s until %s, switch-traffic is due in %d s%n",
                        bake.split(), bake.since(), bake.until(), bake.wakeInSeconds()));
        report.approvals().forEach(said -> out.printf("  approval   %s %s%n", said.step(), said.words()));
        for (LeaseHolder holder : report.running()) {
            out.printf("  running    %s by %s%n", holder.step(), holder);
        }
        List<Event> events = report.events();
        events.subList(Math.max(0, events.size() - LATEST_EVENTS), events.size())
                .forEach(event -> out.printf(
                        "  event      %s %s: %s, by %s%n", event.at(), event.step(), event.event(), event.person()));
        if (!report.next().isEmpty()) {
            out.printf("  next       %s%n", String.join(", ", report.next()));
        }
    }
}
