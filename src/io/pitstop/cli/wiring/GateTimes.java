package io.pitstop.cli.wiring;

import io.pitstop.config.CloudWatchAlarmConfig;
import io.pitstop.config.CloudWatchMetricConfig;
import io.pitstop.config.GateConfig;
import io.pitstop.config.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Gates that learn too late what happened: a bake that ends before they can tell finds them undecided, which is no success,
 * however well the version does.
 */
final class GateTimes {
    /** Of an alarm over two minutes, the minute after which it is judged included; it tells its own only once it is asked. */
    private static final Duration ALARM = Duration.ofMinutes(3);

    static final String HINT = "Let traffic.shift.bake or --bake-time be longer.";

    private GateTimes() {}

    /**
     * Names the gates that need longer than {@code bake}, with both times; none for a bake of no time, which asks nobody.
     */
    static List<String> tooShort(List<GateConfig> gates, Duration bake) {
        return gates.stream()
                .filter(gate -> !bake.isZero())
                .flatMap(gate -> words(gate, bake).stream())
                .toList();
    }

    private static Optional<String> words(GateConfig gate, Duration bake) {
        if (gate instanceof CloudWatchAlarmConfig alarm) {
            return words("cloudwatch alarm " + alarm.alarm(), alarm.window().orElse(ALARM), bake);
        }
        if (gate instanceof CloudWatchMetricConfig metric) {
            String what = metric.metric().or(metric::expression).orElseThrow();
            return words("cloudwatch metric " + what, metric.period().plus(metric.delay()), bake);
        }
        return Optional.empty();
    }

    private static Optional<String> words(String gate, Duration needed, Duration bake) {
        return needed.compareTo(bake) > 0
                ? Optional.of("the gate " + gate + " needs a bake of " + Quantity.text(needed)
                        + " or more to tell, and has " + Quantity.text(bake))
                : Optional.empty();
    }
}
