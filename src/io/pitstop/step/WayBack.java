package io.pitstop.step;

import static java.util.stream.Collectors.joining;

import io.pitstop.archive.Departures;
import io.pitstop.archive.Drop;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.DualWrites;
import io.pitstop.release.Colour;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.shift.SwitchNotes;
import io.pitstop.traffic.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether users can go back to the old version, and what that loses: from the facts of the release, the health of the old
 * colour, and whether the database still has all that the old version needs.
 */
public final class WayBack {
    /** Without these what the new version wrote is not in the old columns; the old version works all the same. */
    private static final Set<String> IN_STEP = Set.of("trigger", "function", "rule");

    /** No statement names them, or few do: the old version may be slower without, or fail in an ON CONFLICT. */
    private static final Set<String> UNNAMED = Set.of("index", "table constraint", "statistics object");

    private final ReleaseJournal journal;
    private final Readiness readiness;
    private final Departures departures;
    private final DualWrites triggers;
    private final ColourSessions sessions;

    public WayBack(
            ReleaseJournal journal,
            Readiness readiness,
            Departures departures,
            DualWrites triggers,
            ColourSessions sessions) {
        this.journal = journal;
        this.readiness = readiness;
        this.departures = departures;
        this.triggers = triggers;
        this.sessions = sessions;
    }

    /**
     * The way back is open.
     *
     * @param losses what users would miss afterwards, a sentence each; nothing if it is empty
     * @param seen what else was looked at
     */
    public record Result(String release, String message, Colour to, List<String> losses, List<String> seen)
            implements StepResult {}

    /** @throws MoveRefused if there is no way back, with what to do instead; nothing is touched */
    public Result run(Optional<String> id) {
        return of(new Releases(journal).find(id));
    }

    /** @throws MoveRefused if there is no way back, with what to do instead */
    Result of(Release release) {
        Rollback.refuseContracted(release);
        Releases.refuseEnded(release);
        Colour old = release.incumbent();
        readiness.death(old).ifPresent(death -> {
            throw dead(release, death);
        });
        List<String> losses = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        String message = "Users can go back to " + old;
        try {
            losses.addAll(losses(release, seen));
            message += losses.isEmpty() ? " and lose nothing." : ", at a loss: " + join(losses);
        } catch (DependencyFailed unanswered) {
            // Who must go back must not be kept from it by a question.
            message += "; what that loses is not known: " + unanswered.getMessage();
        }
        return new Result(release.id(), message + Rollback.scarcity(readiness, old), old, losses, seen);
    }

    /** Contract may have taken away what users would go back to, and no step brings it back once the new one is live. */
    private MoveRefused dead(Release release, String death) {
        Colour old = release.incumbent();
        return Retirement.of(journal, release)
                .map(retirement -> new MoveRefused(
                        death + " " + retirement,
                        "Run pitstop contract again to finish " + release.id() + ", or bring " + old
                                + " back by terraform init"
                                + " -reconfigure with environments.backend for " + old
                                + " and terraform apply -var application="
                                + release.application() + " -var colour=" + old + " -var app_version="
                                + release.fromVersion() + " with environments.variables, then roll back again."))
                .orElseGet(() -> new MoveRefused(death, "Bring " + old + " back up, then roll back again."));
    }

    private List<String> losses(Release release, List<String> seen) {
        List<String> losses = new ArrayList<>();
        List<Drop> needed = SwitchNotes.oldVersionNeeds(journal, release);
        List<Drop> absent = departures.absent(needed);
        List<Drop> schema = absent.stream()
                .filter(drop -> !IN_STEP.contains(drop.type()) && !UNNAMED.contains(drop.type()))
                .toList();
        if (!schema.isEmpty()) {
            throw new MoveRefused(
                    "The database has no " + join(schema) + " any more, which " + release.incumbent() + " needs.",
                    "Leave users on " + release.candidate()
                            + " and mend it there, or make what is missing again first; pitstop rollback --without-journal"
                            + " --to " + release.incumbent() + " moves them all the same.");
        }
        String lost = ", so what " + release.candidate() + " wrote since is missing in what " + release.incumbent()
                + " reads.";
        absent.forEach(drop -> losses.add("There is no " + drop
                + (IN_STEP.contains(drop.type())
                        ? lost
                        : " any more: " + release.incumbent() + " may be slower, or fail where it relies on it.")));
        triggers.disabled(SwitchNotes.tables(needed))
                .forEach(trigger -> losses.add("Trigger " + trigger + " is switched off" + lost));
        seen.add(sessions.count(Colour.BLUE) + " database sessions of blue, " + sessions.count(Colour.GREEN)
                + " of green");
        return losses;
    }

    private static String join(List<?> list) {
        return list.stream().map(Object::toString).collect(joining(list.get(0) instanceof Drop ? ", " : " "));
    }
}
