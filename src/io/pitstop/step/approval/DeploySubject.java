package io.pitstop.step.approval;

import static io.pitstop.release.Fact.DEPLOYED;

import io.pitstop.config.Approvable;
import io.pitstop.environment.Deployment;
import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.environment.Planned;
import io.pitstop.release.Release;
import io.pitstop.step.shift.HealthWait;
import java.util.Optional;

/**
 * What a deployment would do: Terraform's plan, made anew for whoever asks. One that was cut short has less of the same left
 * to do.
 */
public final class DeploySubject {
    private final Environments environments;
    private final HealthWait health;

    public DeploySubject(Environments environments, HealthWait health) {
        this.environments = environments;
        this.health = health;
    }

    /** The environment of a release whose deployment has nothing left to do; empty if it has. */
    public Optional<Environment> done(Release release) {
        if (!release.is(DEPLOYED)) {
            return Optional.empty();
        }
        return environments
                .find(release.candidate())
                .filter(present -> present.version().equals(release.version()) && health.isReady(release.candidate()));
    }

    /** What Terraform would do; nothing is changed. */
    public Planned plan(Release release) {
        return environments.plan(
                new Deployment(release.candidate(), release.version(), release.id(), release.incumbent()));
    }

    Subject of(Release release) {
        try (Planned planned = plan(release)) {
            return of(release, planned);
        }
    }

    Subject of(Release release, Planned planned) {
        Subject subject = new Subject(Approvable.DEPLOY_GREEN)
                .with("step", "deploy-green, brings the version to the colour that no user is on")
                .with("release", release.id())
                .with("application", release.application())
                .with("version", release.version())
                .with("colour", release.candidate())
                .with("users stay on", release.incumbent())
                .with("plan", "what Terraform would change follows, nothing if no line does");
        planned.changes().forEach(subject::with);
        return subject;
    }
}
