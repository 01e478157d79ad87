package io.pitstop.step.approval;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.release.Fact.ROLLED_BACK;
import static io.pitstop.release.Fact.SMOKE_TESTED;

import io.pitstop.config.Approvable;
import io.pitstop.config.Quantity;
import io.pitstop.config.ShiftConfig;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Pending;
import io.pitstop.release.Event;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.shift.Trail;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a switch would do. Of what the switch itself changes only a failed gate is in it, so that one that was cut short goes on under
 * the approval that it began with.
 */
public final class SwitchSubject {
    private final ReleaseJournal journal;
    private final Map<String, String> gates;
    private final List<Migrations> before;

    /**
     * @param gates the settings of the gates by their names in pitstop.yml, without secrets
     * @param before the migrations that should be applied before the switch
     */
    public SwitchSubject(ReleaseJournal journal, Map<String, String> gates, List<Migrations> before) {
        this.journal = journal;
        this.gates = gates;
        this.before = before;
    }

    Subject of(Release release, ShiftConfig shift) {
        Subject subject = new Subject(Approvable.SWITCH_TRAFFIC)
                .with("step", "switch-traffic, gives users the new version")
                .with("release", release.id())
                .with("application", release.application())
                .with("from", version(release.fromVersion()) + " on " + release.incumbent())
                .with("to", version(release.version()) + " on " + release.candidate())
                .with("plan", shift.plan().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .with("steps", steps(shift))
                .with("bake", Quantity.text(shift.bake()) + " each");
        if (gates.isEmpty()) {
            subject.with("gates", "none");
        }
        gates.forEach(subject::with);
        for (var fact : List.of(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED)) {
            subject.with(
                    fact.words(), release.since(fact).map(Instant::toString).orElse("no"));
        }
        // Not the fact: a switch takes that away, and must still be what was approved.
        subject.with(ROLLED_BACK.words(), last(ROLLED_BACK.words(), release));
        // What failed a gate is not what people thought it was.
        subject.with(Trail.GATE_FAILED, last(Trail.GATE_FAILED, release));
        pending().forEach(script -> subject.with("not applied, " + script.script(), script.checksum()));
        return subject;
    }

    private static String version(String version) {
        return version.isEmpty() ? "an unknown version" : version;
    }

    private static String steps(ShiftConfig shift) {
        return shift.steps().stream().map(String::valueOf).collect(Collectors.joining(", ")) + " %";
    }

    private String last(String name, Release release) {
        return journal.events(release).stream()
                .filter(event -> event.event().equals(name))
                .map(Event::at)
                .reduce((earlier, later) -> later)
                .map(Instant::toString)
                .orElse("never");
    }

    private Stream<Pending> pending() {
        return before.stream().flatMap(migrations -> migrations.pending().stream());
    }
}
