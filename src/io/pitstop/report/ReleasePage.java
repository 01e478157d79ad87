package io.pitstop.report;

import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Event;
import io.pitstop.report.picture.Timeline;
import io.pitstop.report.story.Story;
import io.pitstop.step.Chronicle;
import io.pitstop.step.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A release as {@code index.html}, {@code style.css} and pictures: without script and inline style, which the content
 * security policy that Jenkins serves published pages with does not let run.
 */
public final class ReleasePage {
    private final Chronicle.Account account;
    private final Status.Report report;
    private final Story story;
    private final Timeline timeline;
    private final Commands commands;

    /** @param config the configuration file, for the commands on the page; empty if it is the default */
    public ReleasePage(Chronicle.Account account, Optional<String> config) {
        this.account = account;
        this.report = account.status();
        this.story = Story.of(account);
        this.timeline = new Timeline(story);
        this.commands = new Commands(report, config);
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
            for (Map.Entry<String, String> picture : timeline.files().entrySet()) {
                Files.writeString(folder.resolve(picture.getKey()), picture.getValue());
            }
            Files.writeString(folder.resolve("index.html"), html());
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The page of the release cannot be written to " + folder + ": " + e + ".",
                    "Name a folder of yours that has room.",
                    e);
        }
    }

    private String html() {
        Html page = new Html();
        page.open("header", "top");
        head(page);
        page.close("header").open("main", "page");
        page.section("timeline", "Timeline", this::timeline)
                .section("back", "The way back", this::back)
                .section("steps", "Steps, their evidence and their logs", inner -> new StepPart(story).write(inner))
                .section("approvals", "Approvals", this::approvals)
                .section("findings", "Findings of check", this::findings)
                .section("archive", "What is archived", this::archive)
                .section("figures", "Figures", inner -> new FigurePart(story).write(inner))
                .close("main");
        page.open("footer", "made")
                .element("p", "Made by pitstop report at " + Times.time(account.now()) + " UTC. All times are UTC.")
                .close("footer");
        return page.document(title());
    }

    private String title() {
        return report.application() + " " + report.version();
    }

    private void head(Html page) {
        Headline headline = Headline.of(story);
        page.element("h1", title()).element("p", "state " + headline.kind(), headline.words());
        setback(page);
        page.element(
                "p",
                "Release " + report.release() + ", from " + before() + ", on " + report.candidate()
                        + ". Opened " + Times.time(report.openedAt())
                        + report.finishedAt()
                                .map(at -> ", ended " + Times.time(at))
                                .orElse("") + ".");
        page.list(
                "ul",
                Stream.concat(report.traffic().stream(), account.silent().stream())
                        .toList());
        page.open("nav", "parts");
        Map<String, String> parts = Map.of("timeline", "Timeline", "back", "The way back", "steps", "Steps");
        List.of("timeline", "back", "steps").forEach(id -> page.link(id, parts.get(id)));
        Map<String, String> more =
                Map.of("approvals", "Approvals", "findings", "Findings", "archive", "Archive", "figures", "Figures");
        List.of("approvals", "findings", "archive", "figures").forEach(id -> page.link(id, more.get(id)));
        page.close("nav");
    }

    /** What came before the end of a release is past. */
    private void setback(Html page) {
        story.setback().filter(why -> report.isUnsettled(why.at())).ifPresent(why -> {
            page.element("p", "why", why.step() + " " + why.kind().event() + ": " + why.problem());
            page.element("p", "Next: " + why.hint());
        });
    }

    private String before() {
        return report.fromVersion().isEmpty() ? "an unknown version" : report.fromVersion();
    }

    private void timeline(Html page) {
        page.picture("timeline", timeline.inWords());
        page.element(
                "p",
                "quiet",
                "✓ done, ✗ failed, ! refused, … not at its end, ? no outcome. Solid lines are the 99th percentile, dashed ones the"
                        + " median; blue has squares, green has dots. A lock's time is that of its longest try: nobody"
                        + " waited longer for it. // is a time in which nothing happened, drawn short. The numbers"
                        + " above mark:");
        page.list(
                "ol",
                story.marks().stream()
                        .map(mark -> Times.time(mark.at()) + " " + mark.words())
                        .toList());
    }

    private void back(Html page) {
        List<Commands.Way> ways = commands.back();
        if (ways.isEmpty()) {
            page.element(
                    "p", "The release has ended, and users are where they were before it: nothing to go back from.");
        }
        for (Commands.Way way : ways) {
            page.element("p", way.words()).element("pre", way.command());
        }
        if (!report.next().isEmpty()) {
            page.element("h3", "To go on");
            commands.next().forEach(command -> page.element("pre", command));
        }
        page.element(
                "p",
                "quiet",
                "Run them where pitstop.yml is, with PITSTOP_DB_USER and PITSTOP_DB_PASSWORD in the environment; in"
                        + " Jenkins the steps have the same names: rollback(), contract(), restore().");
    }

    private void approvals(Html page) {
        if (report.approvals().isEmpty()) {
            page.element("p", "Nobody was asked, or nobody has answered.");
            return;
        }
        page.table(
                "The last decision about each step",
                List.of("step", "decision", "of what has the hash"),
                report.approvals().stream()
                        .map(said -> List.of(said.step(), Times.readable(said.words()), said.hash()))
                        .toList());
        for (Event event : report.events()) {
            if (event.event().equals("approved") && event.particulars().get("subject") instanceof List<?> subject) {
                page.details(
                        "What " + event.person() + " approved for "
                                + event.particulars().get("of") + " at " + Times.time(event.at()),
                        inner -> inner.list(
                                "ul",
                                subject.stream()
                                        .map(line -> Times.readable(line.toString()))
                                        .toList()));
            }
        }
    }

    private void findings(Html page) {
        List<String> warnings = new ArrayList<>();
        for (Event event : report.events()) {
            if (event.particulars().get("warnings") instanceof List<?> found) {
                found.stream()
                        .map(one -> event.event() + ": " + one)
                        .filter(one -> !warnings.contains(one))
                        .forEach(warnings::add);
            }
        }
        page.element(
                "p",
                warnings.isEmpty()
                        ? "No warnings. Errors would have stopped the step before it touched anything."
                        : "Warnings; errors would have stopped the step before it touched anything.");
        page.list("ul", warnings);
    }

    private void archive(Html page) {
        if (account.kept().isEmpty()) {
            page.element("p", "Nothing: contract has dropped no rows yet, or there was nothing to drop.");
            return;
        }
        page.table(
                "What contract dropped and the archive keeps",
                List.of("what", "dropped by", "rows", "size", "state", "kept in"),
                account.kept().stream()
                        .map(kept -> List.of(
                                kept.what(),
                                kept.script(),
                                String.format(Locale.ROOT, "%,d", kept.rows()),
                                String.format(Locale.ROOT, "%,.1f MB", kept.bytes() / 1e6),
                                kept.state(),
                                kept.place()))
                        .toList());
    }

    private static byte[] style() {
        try (InputStream style = ReleasePage.class.getResourceAsStream("/pitstop/report/style.css")) {
            return style.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("this jar is damaged", e);
        }
    }
}
