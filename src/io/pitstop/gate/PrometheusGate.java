package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;

import io.pitstop.config.Bounds;
import io.pitstop.config.PrometheusConfig;
import io.pitstop.config.Quantity;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The value of a Prometheus query, since the bake began: the window is cut to it, or waited for where the query looks back
 * on a time of its own.
 *
 * <p>No series, no number and a warning leave the gate undecided; of several series the worst one counts. A server that
 * does not answer for longer than the window makes it unhealthy.
 */
final class PrometheusGate implements Vigilant {
    private static final int SHOWN = 80;

    private final PrometheusConfig config;
    private final Candidate candidate;
    private final PrometheusClient prometheus;
    private final Vigil vigil;

    PrometheusGate(PrometheusConfig config, Candidate candidate, PrometheusClient prometheus, Vigil vigil) {
        this.config = config;
        this.candidate = candidate;
        this.prometheus = prometheus;
        this.vigil = vigil;
    }

    @Override
    public Vigil vigil() {
        return vigil;
    }

    @Override
    public Verdict judge() {
        Duration window = window();
        Duration missing = missing(window);
        if (!missing.isZero()) {
            return verdict(UNDECIDED, "too early to tell, for another " + missing.toSeconds() + "s", 0, window);
        }
        try {
            PrometheusClient.Reading reading = prometheus.ask(filled(config.query(), window));
            long samples = samples(reading, window);
            vigil.heard();
            return verdict(reading, samples, window);
        } catch (NoAnswer failure) {
            return verdict(
                    vigil.withoutAnswer(failure, config.window()), "no answer: " + failure.getMessage(), 0, window);
        }
    }

    /** As far back as asked for, and over all that nobody has seen, but not beyond the begin of the bake. */
    private Duration window() {
        Duration unseen = vigil.unseen();
        Duration wanted = unseen.compareTo(config.window()) > 0 ? unseen : config.window();
        Duration age = vigil.age();
        return Duration.ofSeconds((age.compareTo(wanted) < 0 ? age : wanted).toSeconds());
    }

    /** How long the bake must last yet before the queries ask about nothing that was before it. */
    private Duration missing(Duration window) {
        boolean cut = PrometheusConfig.isCut(config.query())
                && config.samples().map(PrometheusConfig::isCut).orElse(true);
        if (cut) {
            return window.isZero() ? Duration.ofSeconds(1) : Duration.ZERO;
        }
        Duration left = config.window().minus(vigil.age());
        return left.isNegative() || left.isZero() ? Duration.ZERO : Duration.ofSeconds(left.toSeconds() + 1);
    }

    private long samples(PrometheusClient.Reading reading, Duration window) throws NoAnswer {
        if (config.samples().isEmpty()) {
            return reading.values().size();
        }
        return prometheus.ask(filled(config.samples().get(), window)).values().stream()
                .filter(Double::isFinite)
                .mapToLong(Math::round)
                .sum();
    }

    private Verdict verdict(PrometheusClient.Reading reading, long samples, Duration window) {
        if (config.samples().isPresent() && samples < config.atLeast()) {
            return verdict(UNDECIDED, "too few samples (" + samples + " of " + config.atLeast() + ")", samples, window);
        }
        List<Double> numbers = reading.values().stream()
                .filter(value -> !Double.isNaN(value))
                .sorted(Comparator.comparing(config.bounds()::excess))
                .toList();
        if (numbers.isEmpty()) {
            return verdict(UNDECIDED, reading.values().isEmpty() ? "no series" : "not a number", samples, window);
        }
        double worst = numbers.get(numbers.size() - 1);
        int series = reading.values().size();
        String value = Bounds.number(worst) + (series > 1 ? ", the worst of " + series + " series" : "");
        if (!config.bounds().hold(worst)) {
            return verdict(UNHEALTHY, value, samples, window);
        }
        if (numbers.size() < series || numbers.stream().anyMatch(number -> Double.isInfinite(number))) {
            return verdict(UNDECIDED, value + ", not all are numbers", samples, window);
        }
        if (!reading.warnings().isEmpty()) {
            return verdict(
                    UNDECIDED, value + ", with warnings: " + String.join("; ", reading.warnings()), samples, window);
        }
        vigil.sawGood();
        return verdict(HEALTHY, value, samples, window);
    }

    private String filled(String query, Duration window) {
        return candidate.fill(query).replace(PrometheusConfig.WINDOW, window.toSeconds() + "s");
    }

    private Verdict verdict(Verdict.Answer answer, String value, long samples, Duration window) {
        String query = candidate.fill(config.query());
        return new Verdict(
                "prometheus " + (query.length() > SHOWN ? query.substring(0, SHOWN) + "…" : query),
                answer,
                value,
                config.bounds().toString(),
                samples,
                config.url().getRawAuthority(),
                PrometheusConfig.isCut(config.query())
                        ? "the last " + Quantity.text(window)
                        : "looks back " + Quantity.text(config.window()));
    }
}
