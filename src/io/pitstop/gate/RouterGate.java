package io.pitstop.gate;

import io.pitstop.config.GateConfig;
import io.pitstop.config.Quantity;
import io.pitstop.error.DependencyFailed;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the router measured for the candidate since the bake began; of a bake that several processes watch, also what it
 * measured since the last one looked, so that hours of good figures do not hide the minutes in which it went wrong.
 *
 * <p>A router that does not answer once leaves the gate undecided, twice in a row makes it unhealthy: nobody knows then
 * how users fare.
 */
final class RouterGate implements Gate {
    private static final int MISSES_IN_A_ROW = 2;

    private final GateConfig.Router config;
    private final Supplier<Series> router;
    private Optional<Window> window = Optional.empty();
    private Optional<Window> unwatched = Optional.empty();
    private int misses;

    /** @param router gives the candidate's figures since some moment that does not change; may throw DependencyFailed */
    RouterGate(GateConfig.Router config, Supplier<Series> router) {
        this.config = config;
        this.router = router;
    }

    @Override
    public void begin() {
        start(Optional.empty());
    }

    @Override
    public void resume(Map<String, Object> memory) {
        start(Window.of(memory));
    }

    private void start(Optional<Window> before) {
        window = before;
        unwatched = before.map(seen -> Window.from(seen.last()));
        misses = 0;
        look();
    }

    @Override
    public Map<String, Object> memory() {
        return window.map(Window::memory).orElse(Map.of());
    }

    @Override
    public Verdict judge() {
        return look().map(this::noAnswer).orElseGet(this::judgeWindows);
    }

    private Verdict judgeWindows() {
        return unwatched
                .map(Window::seen)
                .filter(seen -> seen.requests() >= config.atLeast())
                .map(seen -> judge(seen, " since the last look"))
                .filter(verdict -> verdict.answer() == Verdict.Answer.UNHEALTHY)
                .orElseGet(() -> judge(window.orElseThrow().seen(), ""));
    }

    /** Asks the router; returns why it did not answer. */
    private Optional<DependencyFailed> look() {
        try {
            Series now = router.get();
            window = Optional.of(window.map(seen -> seen.upTo(now)).orElseGet(() -> Window.from(now)));
            unwatched = unwatched.map(seen -> seen.upTo(now));
            misses = 0;
            return Optional.empty();
        } catch (DependencyFailed e) {
            misses++;
            return Optional.of(e);
        }
    }

    private Verdict noAnswer(DependencyFailed failure) {
        return verdict(
                misses < MISSES_IN_A_ROW ? Verdict.Answer.UNDECIDED : Verdict.Answer.UNHEALTHY,
                "no answer: " + failure.getMessage(),
                window.map(window -> window.seen().requests()).orElse(0L));
    }

    private Verdict judge(Figures seen, String when) {
        if (seen.requests() < config.atLeast()) {
            return verdict(
                    Verdict.Answer.UNDECIDED,
                    "too few requests (" + seen.requests() + " of " + config.atLeast() + ")",
                    seen.requests());
        }
        double p95 = seen.latency().percentileMs(95);
        double p99 = seen.latency().percentileMs(99);
        boolean healthy = seen.errorRate() <= config.errors() && holds(config.p95(), p95) && holds(config.p99(), p99);
        List<String> values = new ArrayList<>(List.of("errors " + percent(seen.errorRate())));
        config.p95().ifPresent(limit -> values.add(String.format(Locale.ROOT, "p95 %.1f ms", p95)));
        config.p99().ifPresent(limit -> values.add(String.format(Locale.ROOT, "p99 %.1f ms", p99)));
        return verdict(
                healthy ? Verdict.Answer.HEALTHY : Verdict.Answer.UNHEALTHY,
                String.join(", ", values) + when,
                seen.requests());
    }

    private Verdict verdict(Verdict.Answer answer, String value, long samples) {
        List<String> limits = new ArrayList<>(List.of("errors " + percent(config.errors())));
        config.p95().ifPresent(limit -> limits.add("p95 " + Quantity.text(limit)));
        config.p99().ifPresent(limit -> limits.add("p99 " + Quantity.text(limit)));
        return new Verdict("router", answer, value, String.join(", ", limits), samples, "the router's own figures");
    }

    private static boolean holds(Optional<Duration> limit, double ms) {
        return limit.map(most -> ms <= most.toMillis()).orElse(true);
    }

    private static String percent(double fraction) {
        return BigDecimal.valueOf(fraction * 100)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString()
                + "%";
    }
}
