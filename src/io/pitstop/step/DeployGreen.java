package io.pitstop.step;

import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.release.Fact.SMOKE_TESTED;

import io.pitstop.environment.Environment;
import io.pitstop.environment.Planned;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.approval.DeploySubject;
import io.pitstop.step.shift.HealthWait;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Brings the release's version to the idle colour, where no user sees it yet. */
public final class DeployGreen {
    private static final String STEP = DEPLOYED.step();

    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final DeploySubject deploying;
    private final Approvals approvals;
    private final HealthWait health;

    public DeployGreen(
            ReleaseJournal journal,
            TrafficRouter router,
            DeploySubject deploying,
            Approvals approvals,
            HealthWait health) {
        this.journal = journal;
        this.router = router;
        this.deploying = deploying;
        this.approvals = approvals;
        this.health = health;
    }

    /** @param url where the candidate answers by its own address */
    public record Result(String release, String message, String version, Colour candidate, URI url)
            implements StepResult {}

    /** @param version if given, must be that of the release: guards against a pipeline that builds another one */
    public Result run(Optional<String> id, Optional<String> version) {
        Release found = new Releases(journal).find(id);
        refuseOther(found, version);
        Optional<Environment> present = deploying.done(found);
        if (present.isPresent()) {
            return result(found, "Already deployed; nothing left to do.", present.get());
        }
        refuseUnready(found);
        // No switch may begin while the candidate is replaced.
        try (Lease lease = journal.lease(found, STEP);
                Lease traffic = journal.lease(found, SwitchTraffic.STEP)) {
            traffic.ensureHeld();
            refuseTraffic(found.candidate(), router.split());
            Release release = journal.load(found.id());
            Environment environment = deploy(lease, release);
            forgetTest(lease);
            health.await(release.candidate());
            // A smoke test that ran beside all this tested what is gone now, whenever it ends.
            lease.record(DEPLOYED, SMOKE_TESTED, Map.of("url", environment.url().toString()));
            return result(release, release.version() + " runs as " + release.candidate() + ".", environment);
        }
    }

    /** Exactly what was compared with the approval is applied. */
    private Environment deploy(Lease lease, Release release) {
        try (Planned planned = deploying.plan(release)) {
            approvals.requireDeploy(release, planned);
            lease.note(
                    "deploying",
                    Map.of(
                            "version",
                            release.version(),
                            "colour",
                            release.candidate().toString()));
            forgetTest(lease);
            lease.ensureHeld();
            return planned.apply();
        }
    }

    private void forgetTest(Lease lease) {
        if (journal.load(lease.release().id()).is(SMOKE_TESTED)) {
            lease.revoke(SMOKE_TESTED, "deployed again");
        }
    }

    private static void refuseOther(Release release, Optional<String> version) {
        version.filter(wanted -> !wanted.equals(release.version())).ifPresent(wanted -> {
            throw new MoveRefused(
                    "Release " + release.id() + " brings " + release.version() + ", not " + wanted + ".",
                    "Finish it with pitstop contract, or give it up with pitstop rollback --abandon.");
        });
    }

    /** @param split that users would be on */
    static void refuseUnready(Release release, Split split) {
        refuseUnready(release);
        refuseTraffic(release.candidate(), split);
    }

    private static void refuseUnready(Release release) {
        Releases.refuseEnded(release);
        release.require(EXPANDED);
    }

    private static void refuseTraffic(Colour candidate, Split split) {
        int percent = split.of(candidate);
        if (percent > 0) {
            throw new MoveRefused(
                    candidate + " serves " + percent + " % of the users, so it cannot be replaced.",
                    "Run pitstop rollback first.");
        }
    }

    private static Result result(Release release, String message, Environment environment) {
        return new Result(release.id(), message, release.version(), release.candidate(), environment.url());
    }
}
