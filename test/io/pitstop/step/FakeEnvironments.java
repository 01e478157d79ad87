package io.pitstop.step;

import io.pitstop.environment.Deployment;
import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.environment.Planned;
import io.pitstop.error.DependencyFailed;
import io.pitstop.release.Colour;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Environments in memory; remembers what was applied and destroyed. */
final class FakeEnvironments implements Environments {
    final List<String> actions = new ArrayList<>();
    final List<Deployment> deployments = new ArrayList<>();
    final Map<String, String> changes = new TreeMap<>();
    Runnable whileApplying = () -> {};
    /** The next removal drops the outputs and then fails. */
    boolean failsToRemove;

    private boolean isHalfRemoved;
    private final Map<Colour, Environment> running = new EnumMap<>(Colour.class);

    FakeEnvironments running(Colour colour, String version) {
        running.put(colour, new Environment(colour, version, URI.create("http://127.0.0.1:1/" + colour)));
        return this;
    }

    @Override
    public Planned plan(Deployment deployment) {
        return new FakePlan(deployment, Map.copyOf(changes));
    }

    @Override
    public Optional<Environment> find(Colour colour) {
        return Optional.ofNullable(running.get(colour));
    }

    @Override
    public boolean isThere(Colour colour) {
        return running.containsKey(colour) || isHalfRemoved;
    }

    @Override
    public void scaleDown(Colour colour) {
        actions.add("scale down " + colour);
    }

    @Override
    public void destroy(Colour colour) {
        actions.add("destroy " + colour);
        running.remove(colour);
        isHalfRemoved = failsToRemove;
        if (failsToRemove) {
            failsToRemove = false;
            throw new DependencyFailed("The provider failed.", "Run it again.");
        }
    }

    /** What was to change when it was planned. */
    private final class FakePlan implements Planned {
        private final Deployment deployment;
        private final Map<String, String> changes;

        FakePlan(Deployment deployment, Map<String, String> changes) {
            this.deployment = deployment;
            this.changes = changes;
        }

        @Override
        public Map<String, String> changes() {
            return changes;
        }

        @Override
        public Environment apply() {
            Colour colour = deployment.colour();
            actions.add("apply " + colour + " " + deployment.version());
            deployments.add(deployment);
            whileApplying.run();
            running(colour, deployment.version());
            return running.get(colour);
        }

        @Override
        public void close() {}
    }
}
