package io.pitstop.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Event;
import io.pitstop.release.LeaseHolder;
import io.pitstop.report.ReleasePage;
import io.pitstop.step.Status;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a release; changes nothing. */
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
            description = "Folder that receives the release as a page, index.html, to look at.")
    private Path reportFolder;

    /** The report; without a release, {@code application} and {@code message} alone. */
    @Override
    ObjectNode run(Path config, Consumer<String> lines) {
        Wiring wiring = Wiring.from(config, line -> {});
        Status status = wiring.status();
        Optional<Status.Report> report;
        try {
            report = status.read(Optional.ofNullable(release));
        } catch (DependencyFailed e) {
            throw withoutJournal(status.traffic(), e, lines);
        }
        if (reportFolder != null) {
            report.ifPresent(found -> new ReleasePage(found, Instant.now()).write(reportFolder));
        }
        if (json) {
            lines.accept(pretty(report));
        } else {
            report.ifPresentOrElse(
                    found -> print(found, lines),
                    () -> lines.accept("No release yet. Next: pitstop migrate-expand --version VERSION"));
        }
        return report.map(found -> (ObjectNode) Json.tree(found)).orElseGet(() -> Json.mapper()
                .createObjectNode()
                .put("application", wiring.config().application())
                .put("message", "No release yet."));
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
        lines.accept(String.format(
                "%s: %s %s to %s on %s, opened %s",
                report.release(),
                report.application(),
                report.fromVersion().isEmpty() ? "unknown" : report.fromVersion(),
                report.version(),
                report.candidate(),
                report.openedAt()));
        report.finishedAt().ifPresent(at -> lines.accept("  ended      " + at));
        report.traffic().forEach(line -> lines.accept("  traffic    " + line));
        report.facts().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(fact -> lines.accept("  holds      " + fact.getKey() + " since " + fact.getValue()));
        report.baking()
                .ifPresent(bake -> lines.accept(String.format(
                        "  baking     %s since %s until %s, switch-traffic is due in %d s",
                        bake.split(), bake.since(), bake.until(), bake.wakeInSeconds())));
        report.approvals().forEach(said -> lines.accept("  approval   " + said.step() + " " + said.words()));
        for (LeaseHolder holder : report.running()) {
            lines.accept("  running    " + holder.step() + " by " + holder);
        }
        List<Event> events = report.events();
        events.subList(Math.max(0, events.size() - LATEST_EVENTS), events.size())
                .forEach(event -> lines.accept(String.format(
                        "  event      %s %s: %s, by %s", event.at(), event.step(), event.event(), event.person())));
        if (!report.next().isEmpty()) {
            lines.accept("  next       " + String.join(", ", report.next()));
        }
    }
}
