package io.pitstop.explore;

import io.pitstop.environment.Deployment;
import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.environment.Planned;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Router and environments as one agent has them at hand; what they stand for is the stage's, which both agents share. */
final class Facade implements TrafficRouter, Environments {
    private final Stage stage;
    private final Runnable beforeEachAction;

    Facade(Stage stage, Runnable beforeEachAction) {
        this.stage = stage;
        this.beforeEachAction = beforeEachAction;
    }

    @Override
    public Split split() {
        return stage.outside().split();
    }

    @Override
    public void shift(Split target) {
        if (split().equals(target)) {
            return;
        }
        beforeEachAction.run();
        for (Colour colour : Colour.values()) {
            if (target.of(colour) > split().of(colour) && !stage.outside().serves(colour)) {
                stage.violation("traffic never goes to a colour whose targets are not healthy: " + target);
            }
        }
        stage.now(stage.outside().with(target));
    }

    @Override
    public TargetHealth health(Colour colour) {
        boolean serves = stage.outside().serves(colour);
        return new TargetHealth(serves ? 1 : 0, 1, serves ? "" : "503");
    }

    @Override
    public Drained drained(Colour colour, Instant since) {
        return new Drained(split().of(colour) == 0, split().of(colour) + " % of the requests");
    }

    @Override
    public Series figures(Colour colour) {
        return new Series("since its start", Figures.none());
    }

    @Override
    public Planned plan(Deployment deployment) {
        return new Plan(deployment);
    }

    @Override
    public Optional<Environment> find(Colour colour) {
        return Optional.ofNullable(stage.outside().runs().get(colour))
                .map(version -> new Environment(colour, version, URI.create("http://127.0.0.1:1/" + colour)));
    }

    @Override
    public boolean isThere(Colour colour) {
        return stage.outside().runs().containsKey(colour);
    }

    @Override
    public void scaleDown(Colour colour) {
        takeAway(colour, stage.outside().scaledDown(colour));
    }

    @Override
    public void destroy(Colour colour) {
        takeAway(colour, stage.outside().removed(colour));
    }

    private void takeAway(Colour colour, Outside then) {
        beforeEachAction.run();
        refuseServing(colour);
        stage.now(then);
    }

    private void refuseServing(Colour colour) {
        if (split().of(colour) > 0) {
            stage.violation("users are never on a colour that is replaced or taken away: " + split());
        }
    }

    private final class Plan implements Planned {
        private final Deployment deployment;

        Plan(Deployment deployment) {
            this.deployment = deployment;
        }

        @Override
        public Map<String, String> changes() {
            return Map.of();
        }

        @Override
        public Environment apply() {
            beforeEachAction.run();
            refuseServing(deployment.colour());
            stage.now(stage.outside().running(deployment.colour(), deployment.version()));
            return find(deployment.colour()).orElseThrow();
        }

        @Override
        public void close() {}
    }
}
