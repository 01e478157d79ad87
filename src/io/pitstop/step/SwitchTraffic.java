package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.ROLLED_BACK;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.config.ShiftConfig;
import io.pitstop.environment.Environments;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.gate.BakeResult;
import io.pitstop.gate.Stretch;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.shift.Baked;
import io.pitstop.step.shift.PendingBake;
import io.pitstop.step.shift.Repetition;
import io.pitstop.step.shift.Shifting;
import io.pitstop.step.shift.SwitchNotes;
import io.pitstop.step.shift.Trail;
import io.pitstop.step.shift.Watching;
import io.pitstop.traffic.Readiness;
import io.pitstop.traffic.TrafficRouter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives all user traffic to a release step by step, and takes it back if a bake fails.
 *
 * <p>A run that died at any line can be repeated: the intent is in the journal before traffic moves, the router is
 * asked how far the last run came, and a bake that was cut short starts again. A bake that a run left on purpose, so
 * that nobody has to sit by it, goes on in the next run.
 */
public final class SwitchTraffic {
    /** Also the lease that a rollback seizes. */
    static final String STEP = SWITCHED.step();

    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final Readiness readiness;
    private final Environments environments;
    private final Watch watch;
    private final Consumer<String> progress;
    private final Approvals approvals;
    private final SwitchNotes notes;

    /** @param notes taken when all users have the new version */
    public SwitchTraffic(
            ReleaseJournal journal,
            TrafficRouter router,
            Readiness readiness,
            Environments environments,
            Watch watch,
            Approvals approvals,
            SwitchNotes notes,
            Consumer<String> progress) {
        this.journal = journal;
        this.router = router;
        this.readiness = readiness;
        this.environments = environments;
        this.watch = watch;
        this.approvals = approvals;
        this.notes = notes;
        this.progress = progress;
    }

    /**
     * Who is live after the switch, and what the gates said at each split.
     *
     * @param live the colour that the switch is about; all users are on it unless {@code baking}
     * @param baking true if a split is held whose bake is not over: the step has to run again
     * @param wakeInSeconds after how many seconds that is due; 0 unless {@code baking}
     */
    public record Result(
            String release,
            String message,
            Colour live,
            Colour idle,
            List<Baked> shifts,
            boolean baking,
            long wakeInSeconds)
            implements StepResult {}

    /**
     * @throws MoveRefused if the release is not ready, its targets are not healthy, this switch is not approved, or there
     *     is nothing to resume; if users were put back by others since the same build began; or if a rollback took over, or somebody else moved the split: it is as they ordered
     * @throws CheckFailed if a gate failed, or the approval does not hold any more while a split is held; all users are back on the old colour
     */
    public Result run(Optional<String> id, ShiftConfig shift, Visit visit) {
        Release found = new Releases(journal).find(id);
        Colour candidate = found.candidate();
        if (isDone(found, router)) {
            return done(found, "Already switched: " + candidate + " is live.", List.of());
        }
        refuseUnready(found);
        try (Lease lease = journal.lease(found, STEP)) {
            Release release = journal.load(found.id());
            refuseUnready(release); // another step may have revoked a fact meanwhile
            Trail trail = Trail.of(journal, release);
            if (!visit.resume()) {
                new Repetition(journal, lease).refuseIfUndone(trail, router.split());
            }
            Runnable approval = () -> approvals.requireSwitch(release, shift);
            Shifting shifting = new Shifting(
                    router,
                    readiness,
                    watching(lease, visit),
                    progress,
                    lease,
                    () -> Trail.sentByOthers(journal, lease));
            Shifting.Course course = UserFigures.during(
                    router::figures, journal::now, lease, () -> shifting.up(shift, trail, visit.resume(), approval));
            if (course.left().isPresent()) {
                return left(release, course);
            }
            record(lease, candidate);
            return done(release, candidate + " is live with " + release.version() + ".", course.shifts());
        }
    }

    private void record(Lease lease, Colour live) {
        try {
            notes.note(lease);
            lease.record(SWITCHED, ROLLED_BACK, Map.of("live", live.toString()));
        } catch (DependencyFailed e) {
            throw lease.isFenced() ? Shifting.overtaken(lease.release(), e) : e;
        }
    }

    private Watching watching(Lease lease, Visit visit) {
        Release release = lease.release();
        URI url = url(release);
        return new Watching(
                (stretch, beforeEachLook) -> watch.over(url, release.candidate(), stretch, beforeEachLook),
                lease,
                visit.atMost(),
                journal::now,
                progress);
    }

    private Result left(Release release, Shifting.Course course) {
        PendingBake bake = course.left().orElseThrow();
        long seconds = Math.max(1, bake.wakeInSeconds(journal.now()));
        return new Result(
                release.id(),
                "Holding " + bake.split() + " until " + bake.until() + ": run switch-traffic again in " + seconds
                        + " s.",
                release.candidate(),
                release.incumbent(),
                course.shifts(),
                true,
                seconds);
    }

    private static Result done(Release release, String message, List<Baked> shifts) {
        return new Result(release.id(), message, release.candidate(), release.incumbent(), shifts, false, 0);
    }

    static boolean isDone(Release release, TrafficRouter router) {
        return release.is(SWITCHED)
                && (release.finishedAt().isPresent() || router.split().isAllTo(release.candidate()));
    }

    static void refuseUnready(Release release) {
        Releases.refuseEnded(release);
        release.require(DEPLOYED, BACKFILLED, SMOKE_TESTED);
    }

    private URI url(Release release) {
        return environments
                .find(release.candidate())
                .orElseThrow(() -> new MoveRefused(
                        release.candidate() + " has no environment any more.", "Run deploy-green first."))
                .url();
    }

    /** Holds a split while gates watch it. */
    @FunctionalInterface
    public interface Watch {
        /**
         * @param address where the candidate answers, past the router
         * @param beforeEachLook throws to end the bake
         */
        BakeResult over(URI address, Colour candidate, Stretch stretch, Runnable beforeEachLook);
    }
}
