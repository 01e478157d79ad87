package io.pitstop.telemetry;

import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.time.Instant;
import java.util.Optional;

/** A router whose calls are measured, and whose split is a figure whenever somebody learns it. */
public final class MeteredRouter implements TrafficRouter {
    private final TrafficRouter router;
    private final Meters meters;
    private final Calls calls;

    public MeteredRouter(TrafficRouter router, Meters meters) {
        this.router = router;
        this.meters = meters;
        this.calls = new Calls(meters, Meter.ROUTER_CALL);
    }

    @Override
    public Split split() {
        Split split = calls.time("split", router::split);
        show(split);
        return split;
    }

    @Override
    public void shift(Split target) {
        calls.time("shift", () -> router.shift(target));
        show(target);
    }

    @Override
    public TargetHealth health(Colour colour) {
        return calls.time("health", () -> router.health(colour));
    }

    @Override
    public Series figures(Colour colour) {
        return calls.time("figures", () -> router.figures(colour));
    }

    @Override
    public Drained drained(Colour colour, Instant since) {
        return calls.time("drained", () -> router.drained(colour, since));
    }

    @Override
    public Optional<String> kept(Colour colour) {
        return calls.time("kept", () -> router.kept(colour));
    }

    private void show(Split split) {
        for (Colour colour : Colour.values()) {
            meters.set(Meter.TRAFFIC_PERCENT, split.of(colour), colour.toString());
        }
    }
}
