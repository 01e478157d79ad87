package io.pitstop.step;

import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Actor;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.Setback.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes into the event log why a run of a step came to no good end, for the page and the status of its release.
 *
 * <p>The failure itself matters more: what cannot be noted within a moment is not. As every write to the journal this one
 * needs the lease of its step, so that nothing is noted while another process is at it.
 */
public final class SetbackLog {
    /** Whoever waits for the exit code waits no longer for this. */
    private static final Duration WITHIN = Duration.ofSeconds(3);

    private static final int LONGEST = 2_000;
    private static final Set<String> STEPS =
            Stream.of(Fact.values()).map(Fact::step).collect(Collectors.toUnmodifiableSet());

    private final ReleaseJournal journal;
    private final Actor actor;

    /** @param actor on whose behalf the step was run */
    public SetbackLog(ReleaseJournal journal, Actor actor) {
        this.journal = journal;
        this.actor = actor;
    }

    /**
     * Returns within a few seconds, noted or not.
     *
     * @param step the command; nothing is noted of one that is no step of a release
     * @param release that it worked on
     * @param took how long ago the run began
     */
    public void note(String step, Release release, Duration took, RuntimeException failure) {
        if (!STEPS.contains(step)) {
            return;
        }
        Thread writer = new Thread(() -> write(step, release, took, failure), "setback of " + step);
        writer.setDaemon(true);
        // Also after an interrupt: it is what there is to tell.
        boolean interrupted = Thread.interrupted();
        writer.start();
        try {
            writer.join(WITHIN.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String step, Release release, Duration took, RuntimeException failure) {
        try {
            Run run = new Run(step, journal.load(release.id()), journal.now().minus(took), kind(failure));
            if (!isToBeTold(run)) {
                return;
            }
            Optional<Lease> free = journal.tryLease(run.release(), run.leased());
            if (free.isEmpty()) {
                return;
            }
            try (Lease lease = free.get()) {
                if (isToBeTold(run)) { // nobody else can note anything any more
                    lease.note(run.kind().event(), told(step, failure));
                }
            }
        } catch (PitstopException unreachable) {
            // The operator is told of the failure all the same, which is likely to have the same cause.
            return;
        }
    }

    private record Run(String step, Release release, Instant since, Kind kind) {
        /** A rollback works under the lease of the switch that it ends. */
        String leased() {
            return step.equals(Fact.ROLLED_BACK.step()) ? SwitchTraffic.STEP : step;
        }
    }

    /** Not of a run that others took over from, nor of one that was refused at once, nor after the end, but of a restore. */
    private boolean isToBeTold(Run run) {
        List<Event> since = journal.events(run.release()).stream()
                .filter(event -> event.step().equals(run.leased()))
                .filter(event -> !event.at().isBefore(run.since()))
                .toList();
        boolean timely = run.release().finishedAt().isEmpty() || run.step().equals(Fact.RESTORED.step());
        return timely && since.stream().allMatch(actor::hasNoted) && (run.kind() != Kind.REFUSED || !since.isEmpty());
    }

    private static Kind kind(RuntimeException failure) {
        if (failure instanceof Interrupted) {
            return Kind.INTERRUPTED;
        }
        return failure instanceof MoveRefused || failure instanceof InvalidConfig ? Kind.REFUSED : Kind.FAILED;
    }

    /** What is not ours may quote anything, so of a defect only its kind is told. */
    private static Map<String, ?> told(String step, RuntimeException failure) {
        return failure instanceof PitstopException expected
                ? told(step, shortened(expected.getMessage()), expected.hint(), expected.exitCode())
                : told(
                        step,
                        "A defect of Pitstop: " + failure.getClass().getName() + ".",
                        "Report what the log of the step shows, then run it again.",
                        1);
    }

    private static Map<String, ?> told(String step, String problem, String hint, int exit) {
        return Map.of(Setback.OF, step, Setback.PROBLEM, problem, Setback.HINT, hint, Setback.EXIT, exit);
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…";
    }
}
