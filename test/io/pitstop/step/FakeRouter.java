package io.pitstop.step;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A router in memory that keeps its contract, and can be told to misbehave. */
final class FakeRouter implements TrafficRouter {
    final List<Split> orders = new ArrayList<>();
    final Set<Colour> unhealthy = EnumSet.noneOf(Colour.class);
    boolean losesNextAnswer;
    /** An order of somebody who was frozen: it takes effect after the next order. */
    Optional<Split> lateOrder = Optional.empty();

    /** The users whom a cookie keeps, in words. */
    Optional<String> cookies = Optional.empty();

    boolean isDown;
    /** So many of the next questions get no answer. */
    int misses;

    int inFlight;
    /** Happens each time somebody asks whether a colour has drained. */
    Runnable whenAskedForDrain = () -> {};

    /** Happens once, between the last question that the caller asked and its next order. */
    Runnable beforeNextOrder = () -> {};

    /** Requests that each percent of the users has sent between two questions for the figures. */
    int requestsALook;

    private final Map<Colour, Long> measured = new ConcurrentHashMap<>();
    private final Latency.Recorder latency = new Latency.Recorder();

    private volatile Split split = Split.allTo(Colour.BLUE);

    @Override
    public Split split() {
        if (isDown || misses > 0) {
            misses = Math.max(0, misses - 1);
            throw new DependencyFailed("The router does not answer.", "Start it.");
        }
        return split;
    }

    @Override
    public void shift(Split target) {
        Runnable before = beforeNextOrder;
        beforeNextOrder = () -> {};
        before.run();
        if (split().equals(target)) {
            return;
        }
        split = target;
        orders.add(target);
        lateOrder.ifPresent(late -> split = late);
        lateOrder = Optional.empty();
        if (losesNextAnswer) {
            losesNextAnswer = false;
            throw new OutcomeUnknown("The router took the order but does not answer.", "Look.");
        }
    }

    @Override
    public TargetHealth health(Colour colour) {
        return new TargetHealth(unhealthy.contains(colour) ? 0 : 1, 1, unhealthy.contains(colour) ? "503" : "");
    }

    @Override
    public Drained drained(Colour colour, Instant since) {
        whenAskedForDrain.run();
        return new Drained(inFlight == 0, inFlight + " requests in flight");
    }

    @Override
    public Optional<String> kept(Colour colour) {
        return cookies.map(users -> users + " stay on " + colour);
    }

    @Override
    public Series figures(Colour colour) {
        long requests = measured.merge(colour, split.of(colour) * (long) requestsALook, Long::sum);
        latency.record(Duration.ofMillis(5));
        Latency seen = requests == 0 ? Latency.none() : latency.snapshot();
        return new Series("since its start", new Figures(requests, 0, seen));
    }
}
