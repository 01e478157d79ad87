package io.pitstop.telemetry;

import io.pitstop.environment.Deployment;
import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.environment.Planned;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import io.pitstop.release.Colour;
import java.util.Optional;

/** Environments whose calls are measured. */
public final class MeteredEnvironments implements Environments {
    private final Environments environments;
    private final Calls calls;

    public MeteredEnvironments(Environments environments, Meters meters) {
        this.environments = environments;
        this.calls = new Calls(meters, Meter.ENVIRONMENT_CALL);
    }

    @Override
    public Planned plan(Deployment deployment) {
        return calls.time("plan", () -> environments.plan(deployment));
    }

    @Override
    public Environment apply(Deployment deployment) {
        return calls.time("apply", () -> environments.apply(deployment));
    }

    @Override
    public Optional<Environment> find(Colour colour) {
        return calls.time("find", () -> environments.find(colour));
    }

    @Override
    public boolean isThere(Colour colour) {
        return calls.time("find", () -> environments.isThere(colour));
    }

    @Override
    public void scaleDown(Colour colour) {
        calls.time("scale-down", () -> environments.scaleDown(colour));
    }

    @Override
    public void destroy(Colour colour) {
        calls.time("destroy", () -> environments.destroy(colour));
    }
}
