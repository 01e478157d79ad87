package io.pitstop.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.cli.output.Json;
import io.pitstop.cli.output.Terminal;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.config.Quantity;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Event;
import io.pitstop.release.LeaseHolder;
import io.pitstop.step.Setback;
import io.pitstop.step.Status;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a release; changes nothing, but notes that people were reminded of its contract. */
@Command(name = "status", description = "Show how far the release is, who serves users, and what may run next.")
final class StatusCommand extends ResultCommand {
    private static final int LATEST_EVENTS = 8;

    @Option(names = "--release", paramLabel = "ID", description = "Default: the one under way, else the last one.")
    private String release;

    @Option(names = "--json", description = "Print the release as one JSON object, with all of its events.")
    private boolean json;

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "Also do what pitstop report does: write the release as a page, index.html.")
    private Path reportFolder;

    @Option(
            names = "--watch",
            paramLabel = "TIME",
            arity = "0..1",
            fallbackValue = "1h",
            description =
                    "Go on showing what changes until the release ends, at most for this long. Without a time: 1h.")
    private String watch;

    @Spec
    private CommandSpec spec;

    /** The report; without a release, {@code application} and {@code message} alone. */
    @Override
    ObjectNode run(Path config, Consumer<String> lines) {
        Wiring wiring = Wiring.from(config, line -> {});
        Optional<Status.Report> report = watch == null ? read(wiring.status(), lines) : watch(wiring, lines);
        if (reportFolder != null) {
            ReportCommand.write(wiring, Optional.ofNullable(release), config, reportFolder);
        }
        if (json) {
            lines.accept(pretty(report));
        } else if (watch == null) {
            report.ifPresentOrElse(
                    found -> {
                        print(found, lines);
                        wayBack(wiring, found, lines);
                    },
                    () -> lines.accept("No release yet. Next: pitstop migrate-expand --version VERSION"));
        }
        PrintWriter err = spec.commandLine().getErr(); // what is printed may be JSON
        report.ifPresent(wiring.announcements(spec.name(), err::println)::looked);
        return report.map(found -> (ObjectNode) Json.tree(found)).orElseGet(() -> Json.mapper()
                .createObjectNode()
                .put("application", wiring.config().application())
                .put("message", "No release yet."));
    }

    private Optional<Status.Report> read(Status status, Consumer<String> lines) {
        try {
            return status.read(Optional.ofNullable(release));
        } catch (DependencyFailed e) {
            throw withoutJournal(status.traffic(), e, lines);
        }
    }

    private Optional<Status.Report> watch(Wiring wiring, Consumer<String> lines) {
        if (json) {
            throw new InvalidConfig("--json and --watch do not go together.", "Leave out one of them.");
        }
        Duration atMost = Quantity.duration(watch)
                .orElseThrow(() -> new InvalidConfig(
                        "--watch is '" + watch + "'.", "Write a number with its unit, such as 90s or 3m."));
        boolean terminal = Terminal.isThere(System.getenv());
        Status status = wiring.status();
        return new StatusWatch(
                        () -> status.read(Optional.ofNullable(release)), lines, terminal, StatusWatch.everySecond())
                .run(atMost);
    }

    private static void wayBack(Wiring wiring, Status.Report report, Consumer<String> lines) {
        if (report.finishedAt().isEmpty()) {
            try {
                lines.accept("  way back   "
                        + wiring.wayBack().run(Optional.of(report.release())).message());
            } catch (PitstopException none) {
                lines.accept("  way back   none. " + none.getMessage() + " " + none.hint());
            }
        }
    }

    /** Who serves users is the router's knowledge: shown all the same, in the result as part of the message. */
    private DependencyFailed withoutJournal(List<String> traffic, DependencyFailed silent, Consumer<String> lines) {
        if (!json) {
            traffic.forEach(line -> lines.accept("  traffic    " + line));
        }
        return new DependencyFailed(
                "The journal cannot be asked: " + silent.getMessage() + " The router says: "
                        + String.join("; ", traffic) + ".",
                silent.hint(),
                silent);
    }

    private static String pretty(Optional<Status.Report> report) {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(report.orElse(null));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void print(Status.Report report, Consumer<String> lines) {
        lines(report).forEach(lines);
    }

    /** The release for people, as it is now. */
    static List<String> lines(Status.Report report) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "%s: %s %s to %s on %s, opened %s",
                report.release(),
                report.application(),
                report.fromVersion().isEmpty() ? "unknown" : report.fromVersion(),
                report.version(),
                report.candidate(),
                report.openedAt()));
        report.finishedAt().ifPresent(at -> lines.add("  ended      " + at));
        report.traffic().forEach(line -> lines.add("  traffic    " + line));
        report.facts().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(fact -> lines.add("  holds      " + fact.getKey() + " since " + fact.getValue()));
        report.baking()
                .ifPresent(bake -> lines.add(String.format(
                        "  baking     %s since %s until %s, switch-traffic is due in %d s",
                        bake.split(), bake.since(), bake.until(), bake.wakeInSeconds())));
        report.approvals().forEach(said -> lines.add("  approval   " + said.step() + " " + said.words()));
        for (LeaseHolder holder : report.running()) {
            lines.add("  running    " + holder.step() + " by " + holder);
        }
        setbacks(report).forEach(lines::add);
        List<Event> events = report.events();
        events.subList(Math.max(0, events.size() - LATEST_EVENTS), events.size())
                .forEach(event -> lines.add("  event      " + line(event)));
        if (!report.next().isEmpty()) {
            lines.add("  next       " + String.join(", ", report.next()));
        }
        return lines;
    }

    /** What nobody has gone on with yet. */
    private static Stream<String> setbacks(Status.Report report) {
        return Setback.standing(report.events()).stream()
                .filter(setback -> report.isUnsettled(setback.at()))
                .flatMap(setback -> Stream.of(
                        String.format(
                                "  %-10s %s at %s: %s",
                                setback.kind().event(), setback.step(), setback.at(), setback.problem()),
                        "             " + setback.hint()));
    }

    static String line(Event event) {
        String why =
                Setback.read(event).map(setback -> ": " + setback.problem()).orElse("");
        return String.format("%s %s: %s, by %s%s", event.at(), event.step(), event.event(), event.person(), why);
    }
}
