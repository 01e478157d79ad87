package io.pitstop.step;

import io.pitstop.environment.Environment;
import io.pitstop.environment.Environments;
import io.pitstop.release.Colour;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Environments in memory; remembers what was applied and destroyed. */
final class FakeEnvironments implements Environments {
    final List<String> actions = new ArrayList<>();
    Runnable whileApplying = () -> {};
    private final Map<Colour, Environment> running = new EnumMap<>(Colour.class);

    FakeEnvironments running(Colour colour, String version) {
        running.put(colour, new Environment(colour, version, URI.create("http://127.0.0.1:1/" + colour)));
        return this;
    }

    @Override
    public Environment apply(Colour colour, String version) {
        actions.add("apply " + colour + " " + version);
        whileApplying.run();
        running(colour, version);
        return running.get(colour);
    }

    @Override
    public Optional<Environment> find(Colour colour) {
        return Optional.ofNullable(running.get(colour));
    }

    @Override
    public void scaleDown(Colour colour) {
        actions.add("scale down " + colour);
    }

    @Override
    public void destroy(Colour colour) {
        actions.add("destroy " + colour);
        running.remove(colour);
    }
}
