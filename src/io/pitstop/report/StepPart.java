package io.pitstop.report;

import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.report.story.Stint;
import io.pitstop.report.story.Story;
import io.pitstop.step.Setback;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each step did: how it ended, what it rests on, and its log. */
final class StepPart {
    private static final List<String> ORDER = List.of(
            "migrate-expand",
            "deploy-green",
            "backfill",
            "smoke-test",
            "approve",
            "switch-traffic",
            "rollback",
            "contract",
            "restore");

    /** Particulars that a decision rests on; they are shown before the log, in which they are too. */
    private static final Set<String> EVIDENCE =
            Set.of("verdicts", "evidence", "found", "problem", "kept", "problems", "statements", "losses", "objects");

    private final Story story;
    private final List<Event> events;

    StepPart(Story story) {
        this.story = story;
        this.events = story.account().status().events();
    }

    /** A part for each step that has left a trace, in the order of a release; unknown ones last. */
    void write(Html page) {
        List<String> traced = events.stream().map(Story::step).distinct().toList();
        Stream.concat(ORDER.stream().filter(traced::contains), traced.stream().filter(step -> !ORDER.contains(step)))
                .forEach(step -> write(page, step));
    }

    private void write(Html page, String step) {
        List<Event> own =
                events.stream().filter(event -> Story.step(event).equals(step)).toList();
        page.open("article", "step").element("h3", step);
        state(page, step, own);
        Optional<Setback> setback = story.setback(step);
        setback.ifPresent(why -> tell(page, why));
        page.list("ul", evidence(step, own, setback));
        page.details(
                "Log of " + step + " (" + own.size() + (own.size() == 1 ? " event)" : " events)"),
                inner -> inner.table(
                        "Log of " + step,
                        List.of("time, UTC", "event", "particulars", "by"),
                        own.stream().map(StepPart::row).toList()));
        page.close("article");
    }

    private void state(Html page, String step, List<Event> own) {
        Optional<Stint> last = story.last(step);
        String who = own.stream().map(StepPart::actor).distinct().collect(Collectors.joining(", "));
        if (last.isEmpty()) {
            page.element("p", "By " + who + ".");
            return;
        }
        Stint stint = last.get();
        String kind = kind(stint, step);
        long runs =
                story.stints().stream().filter(one -> one.step().equals(step)).count();
        page.element(
                "p",
                "state " + kind,
                stint.ending().sign() + " " + stint.ending().words() + undone(stint, step));
        page.element(
                "p",
                Times.time(stint.from()) + " UTC, " + Times.took(Duration.between(stint.from(), stint.until()))
                        + (runs > 1 ? ", run " + runs + " times" : "") + ", by " + who + ".");
    }

    /** Why it came to no good end, and what to do next. */
    private static void tell(Html page, Setback why) {
        page.element("p", "why", why.problem());
        page.element("p", "Next: " + why.hint());
    }

    private static String kind(Stint stint, String step) {
        return switch (stint.ending()) {
            case DONE -> step.equals("rollback") ? "open" : "good";
            case FAILED -> "bad";
            case HELD, REFUSED, RUNNING, CUT_SHORT -> "open";
        };
    }

    /** What was done need not hold any more. */
    private String undone(Stint stint, String step) {
        boolean holds = Stream.of(Fact.values())
                .filter(fact -> fact.step().equals(step))
                .anyMatch(fact -> story.account().status().facts().containsKey(fact.words()));
        return stint.ending() == Stint.Ending.DONE && !holds ? ", but undone since" : "";
    }

    /** Of the last run; what earlier ones rested on is in the log. */
    private List<String> evidence(String step, List<Event> own, Optional<Setback> setback) {
        Instant from = story.last(step).map(Stint::from).orElse(Instant.MIN);
        return own.stream()
                .filter(event -> !event.at().isBefore(from))
                .filter(event -> Setback.read(event).isEmpty())
                .flatMap(StepPart::evidence)
                .filter(line -> setback.filter(why -> line.endsWith(": " + why.problem()))
                        .isEmpty())
                .distinct()
                .toList();
    }

    private static Stream<String> evidence(Event event) {
        boolean outcome = Stream.of(Fact.values()).anyMatch(fact -> fact.words().equals(event.event()));
        Object split = event.particulars().get("split");
        String name = event.event() + (split == null ? "" : " at " + split);
        return Particulars.lines(event).stream()
                .filter(line -> outcome || EVIDENCE.contains(line.substring(0, line.indexOf(':'))))
                .map(line -> name + ": " + (outcome ? line : line.substring(line.indexOf(':') + 2)));
    }

    private static List<String> row(Event event) {
        return List.of(
                Times.time(event.at()), event.event(), String.join("\n", Particulars.lines(event)), actor(event));
    }

    static String actor(Event event) {
        return event.person() + (event.build().isEmpty() ? "" : " in " + event.build()) + " on "
                + event.host().replaceFirst("/\\d+$", "");
    }
}
