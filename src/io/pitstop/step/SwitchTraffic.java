package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.ROLLED_BACK;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.config.ShiftConfig;
import io.pitstop.environment.Environments;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.gate.BakeResult;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.traffic.TrafficRouter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives all user traffic to a release step by step, and takes it back if a bake fails.
 *
 * <p>A run that died at any line can be repeated: the intent is in the journal before traffic moves, the router is
 * asked how far the last run came, and a bake that was cut short starts again.
 */
public final class SwitchTraffic {
    /** Also the lease that a rollback seizes. */
    static final String STEP = SWITCHED.step();

    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final Environments environments;
    private final Watch watch;
    private final Consumer<String> progress;

    public SwitchTraffic(
            ReleaseJournal journal,
            TrafficRouter router,
            Environments environments,
            Watch watch,
            Consumer<String> progress) {
        this.journal = journal;
        this.router = router;
        this.environments = environments;
        this.watch = watch;
        this.progress = progress;
    }

    /** Who is live after the switch, and what the gates said at each split. */
    public record Result(String release, String message, Colour live, Colour idle, List<Baked> shifts)
            implements StepResult {}

    /** One split that was held. */
    public record Baked(int percent, Duration held, List<String> verdicts) {}

    /**
     * @throws MoveRefused if the release is not ready or its targets are not healthy
     * @throws CheckFailed if a gate failed; all users are back on the old colour
     */
    public Result run(Optional<String> id, ShiftConfig shift) {
        Release found = new Releases(journal).find(id);
        Colour candidate = found.candidate();
        if (found.is(SWITCHED)
                && (found.finishedAt().isPresent() || router.split().isAllTo(candidate))) {
            return new Result(
                    found.id(),
                    "Already switched: " + candidate + " is live.",
                    candidate,
                    candidate.other(),
                    List.of());
        }
        Releases.refuseEnded(found);
        found.require(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        try (Lease lease = journal.lease(found, STEP)) {
            Release release = journal.load(found.id());
            release.require(DEPLOYED, BACKFILLED, SMOKE_TESTED); // another step may have revoked one meanwhile
            List<Baked> shifts = new Shifting(router, watch, progress, lease, release, url(release)).up(shift);
            lease.record(SWITCHED, ROLLED_BACK, Map.of("live", candidate.toString()));
            return new Result(
                    release.id(),
                    candidate + " is live with " + release.version() + ".",
                    candidate,
                    candidate.other(),
                    shifts);
        }
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
        BakeResult over(URI address, Colour candidate, Duration time, Runnable beforeEachLook);
    }
}
