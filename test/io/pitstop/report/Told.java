package io.pitstop.report;

import io.pitstop.release.Colour;
import io.pitstop.release.Event;
import io.pitstop.release.LeaseHolder;
import io.pitstop.step.Chronicle;
import io.pitstop.step.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A release of blog from 2.3.1 to 2.4.0 on green, opened at 10:00 and read ten minutes later, as a test tells it. */
public final class Told {
    public static final Instant OPENED = Instant.parse("2026-01-01T10:00:00Z");

    private final List<Event> events = new ArrayList<>();
    private final Map<String, Instant> facts = new TreeMap<>();
    private final List<Status.Decided> approvals = new ArrayList<>();
    private final List<LeaseHolder> running = new ArrayList<>();
    private final List<Chronicle.Script> scripts = new ArrayList<>();
    private final List<Chronicle.Archived> kept = new ArrayList<>();
    private final List<String> silent = new ArrayList<>();
    private Optional<Instant> finishedAt = Optional.empty();
    private Instant now = OPENED.plusSeconds(600);

    /** @param detail JSON */
    public Told event(long second, String step, String event, String detail) {
        events.add(new Event(OPENED.plusSeconds(second), step, event, "ann", "build-7", "node-1/42", detail));
        return this;
    }

    public Told shift(long second, int percent) {
        return event(second, "switch-traffic", "shift ordered", "{\"percent\": " + percent + "}");
    }

    public Told fact(long second, String fact) {
        facts.put(fact, OPENED.plusSeconds(second));
        return this;
    }

    public Told running(String step) {
        running.add(new LeaseHolder(step, "ann", "build-7", "node-1", OPENED));
        return this;
    }

    public Told script(long second, String name) {
        scripts.add(new Chronicle.Script("expand", name, OPENED.plusSeconds(second), Duration.ofMillis(12)));
        return this;
    }

    public Told archived(String what, long rows) {
        kept.add(new Chronicle.Archived(what, "V1__drop.sql", "pitstop_archive.a1", "dropped", rows, 2_000_000));
        return this;
    }

    public Told approved(String words) {
        approvals.add(new Status.Decided("switch-traffic", true, "eve", "build-7", OPENED, "4fe2", words));
        return this;
    }

    public Told unanswered(String why) {
        silent.add(why);
        return this;
    }

    public Told finished(long second) {
        finishedAt = Optional.of(OPENED.plusSeconds(second));
        return this;
    }

    public Told readAt(long second) {
        now = OPENED.plusSeconds(second);
        return this;
    }

    public Chronicle.Account account() {
        Status.Report report = new Status.Report(
                "blog-2.4.0-1",
                "blog 2.4.0 is under way.",
                "blog",
                "2.4.0",
                "2.3.1",
                Colour.GREEN,
                OPENED,
                finishedAt,
                facts,
                approvals,
                List.of("blue 100 %, green 0 %"),
                Optional.empty(),
                running,
                finishedAt.isPresent() ? List.of() : List.of("deploy-green"),
                Optional.empty(),
                Optional.empty(),
                events);
        return new Chronicle.Account(report, now, scripts, kept, silent);
    }
}
