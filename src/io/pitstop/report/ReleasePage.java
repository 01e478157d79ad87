package io.pitstop.report;

import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Event;
import io.pitstop.step.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A release as {@code index.html}, {@code style.css} and {@code traffic.svg}: without script and inline style, which the
 * content security policy that Jenkins serves published pages with does not let run.
 */
public final class ReleasePage {
    private final Status.Report report;
    private final TrafficChart traffic;

    /** @param now the time of the page */
    public ReleasePage(Status.Report report, Instant now) {
        this.report = report;
        this.traffic = TrafficChart.of(report, now);
    }

    /**
     * Writes the page into a folder, which need not exist.
     *
     * @throws DependencyFailed if that cannot be written to
     */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("style.css"), style());
            // Always there: the page of an earlier run must not show its picture in this one.
            Files.writeString(folder.resolve("traffic.svg"), traffic.svg());
            Files.writeString(folder.resolve("index.html"), html());
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The page of the release cannot be written to " + folder + ": " + e + ".",
                    "Name a folder of yours that has room.",
                    e);
        }
    }

    private String html() {
        String title = report.application() + " " + report.version();
        Html page = new Html()
                .element("h1", title)
                .element(
                        "p",
                        "Release " + report.release() + ", from " + before() + ", on " + report.candidate()
                                + ". Opened " + time(report.openedAt())
                                + report.finishedAt()
                                        .map(at -> ", ended " + time(at))
                                        .orElse("") + ".");
        report.traffic().forEach(line -> page.element("p", line));
        if (traffic.hasMoves()) {
            page.element("h2", "Traffic of the new version").picture("traffic.svg", traffic.inWords());
        }
        return page.table(
                        "What may be run next",
                        List.of("step"),
                        report.next().stream().map(List::of).toList())
                .table("What holds", List.of("fact", "since"), facts())
                .table("Approvals", List.of("step", "decision", "of what has the hash"), approvals())
                .table("What happened", List.of("time", "step", "event", "particulars", "by", "build"), events())
                .document(title);
    }

    private String before() {
        return report.fromVersion().isEmpty() ? "an unknown version" : report.fromVersion();
    }

    private List<List<String>> facts() {
        return report.facts().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(fact -> List.of(fact.getKey(), time(fact.getValue())))
                .toList();
    }

    private List<List<String>> approvals() {
        return report.approvals().stream()
                .map(said -> List.of(said.step(), said.words(), said.hash()))
                .toList();
    }

    private List<List<String>> events() {
        return report.events().stream()
                .map(event -> List.of(
                        time(event.at()),
                        event.step(),
                        event.event(),
                        particulars(event),
                        event.person() + " on " + event.host(),
                        event.build()))
                .toList();
    }

    private static String particulars(Event event) {
        return event.particulars().entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static byte[] style() {
        try (InputStream style = ReleasePage.class.getResourceAsStream("/pitstop/report/style.css")) {
            return style.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("this jar is damaged", e);
        }
    }
}
