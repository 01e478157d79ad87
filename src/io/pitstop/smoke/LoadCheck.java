package io.pitstop.smoke;

import io.pitstop.config.Limit;
import io.pitstop.config.Quantity;
import io.pitstop.config.SmokeConfig;
import io.pitstop.metrics.Figures;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A constant rate of requests, whose latencies and failures must stay within limits.
 *
 * <p>Every status but 2xx is a failure: a redirect or a missing page says nothing about the page that was meant. A limit
 * that is a multiple of the live colour's latency has the live colour asked at the same rate at the same time.
 */
final class LoadCheck implements SmokeCheck {
    /** A multiple never asks for less: of latencies this small, chance decides which is the larger. */
    static final double FINEST_MS = 5;

    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(10);
    private static final int MOST_IN_FLIGHT = 1_000;
    /** Above it, the live colour's latencies are those of its failures and nothing to compare with. */
    private static final double MOST_LIVE_ERRORS = 0.01;

    private final SmokeConfig.Load config;
    private final HttpClient client;
    private final Consumer<String> lines;

    LoadCheck(SmokeConfig.Load config, HttpClient client, Consumer<String> lines) {
        this.config = config;
        this.client = client;
        this.lines = lines;
    }

    @Override
    public String name() {
        return "load GET " + config.path() + " at " + config.rate() + "/s";
    }

    @Override
    public CheckResult run(URI idle, URI live) {
        long begun = System.nanoTime();
        List<OpenLoop.Target> targets = new ArrayList<>();
        targets.add(target(idle));
        if (config.comparesWithLive()) {
            targets.add(target(live));
        }
        OpenLoop.Schedule schedule =
                new OpenLoop.Schedule(config.rate(), warmUp(), config.time(), TIMEOUT, MOST_IN_FLIGHT);
        OpenLoop.Measurement measured = new OpenLoop(schedule, REPORT_EVERY, this::report).run(targets);
        return judge(measured, Duration.ofNanos(System.nanoTime() - begun));
    }

    CheckResult judge(OpenLoop.Measurement measured, Duration took) {
        Findings findings = new Findings(measured);
        findings.addPercentile("p50", 50, config.p50());
        findings.addPercentile("p95", 95, config.p95());
        findings.addPercentile("p99", 99, config.p99());
        findings.addErrors(config.errors());
        findings.addVoid(config.comparesWithLive());
        String how = config.rate() + "/s for " + Quantity.text(config.time()) + " after a warm-up of "
                + Quantity.text(warmUp());
        return new CheckResult(name(), findings.passed, String.join(", ", findings.texts) + ", " + how, took);
    }

    /** A sixth of the time, so that a JVM that has just started is not judged by its first requests. */
    private Duration warmUp() {
        Duration part = Duration.ofSeconds(Math.max(1, config.time().toSeconds() / 6));
        return part.compareTo(LONGEST_WARM_UP) < 0 ? part : LONGEST_WARM_UP;
    }

    private void report(List<Figures> soFar) {
        Figures idle = soFar.get(0);
        String line = idle.requests() == 0 ? "warming up" : "idle " + summary(idle);
        if (idle.requests() > 0 && soFar.size() > 1) {
            line += "; live " + summary(soFar.get(1));
        }
        lines.accept("  " + name() + ": " + line);
    }

    private static String summary(Figures figures) {
        return figures.requests() + " requests, " + figures.failures() + " failed, p50 "
                + ms(figures.latency().percentileMs(50)) + ", p95 "
                + ms(figures.latency().percentileMs(95)) + ", p99 "
                + ms(figures.latency().percentileMs(99));
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f ms" : "%.0f ms", value);
    }

    private OpenLoop.Target target(URI colour) {
        HttpRequest request =
                HttpRequest.newBuilder(HttpCheck.address(colour, config.path())).build();
        return () -> {
            CompletableFuture<HttpResponse<Void>> exchange =
                    client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
            CompletableFuture<Optional<String>> answer = exchange.thenApply(response -> response.statusCode() / 100 == 2
                    ? Optional.empty()
                    : Optional.of("status " + response.statusCode()));
            // Whoever ends the answer early, by a timeout or an interrupt, ends the request too.
            answer.whenComplete((wrong, failure) -> exchange.cancel(true));
            return answer;
        };
    }

    /** Every limit with what was measured, also those after one that did not hold. */
    private static final class Findings {
        final List<String> texts = new ArrayList<>();
        boolean passed = true;

        private final OpenLoop.Measurement measured;
        private final OpenLoop.Seen idle;
        private final Optional<Figures> live;

        Findings(OpenLoop.Measurement measured) {
            this.measured = measured;
            this.idle = measured.seen().get(0);
            this.live = measured.seen().stream().skip(1).findFirst().map(OpenLoop.Seen::figures);
        }

        /**
         * Fails if the figures mean nothing; call last. A loop that stumbled makes latencies larger, so what passed
         * nevertheless has passed, unless the live colour's were enlarged too and the limit with them.
         */
        void addVoid(boolean comparesWithLive) {
            boolean undecidable = !measured.keptTime() && (!passed || comparesWithLive);
            if (!measured.keptRate() || undecidable) {
                fail("void: the load generator itself was late (1 % of its requests by "
                        + ms(measured.lateness().percentileMs(99)) + " or more, allowed are "
                        + Quantity.text(OpenLoop.Measurement.MOST_LATE) + "; " + measured.notStarted()
                        + " not made), use a calmer machine or a lower rate");
            } else if (idle.figures().requests() == 0) {
                fail("void: not one request fell into the time, make it longer");
            } else {
                live.filter(figures -> figures.requests() == 0 || figures.errorRate() > MOST_LIVE_ERRORS)
                        .ifPresent(figures -> fail("void: the live colour is nothing to compare with, it failed "
                                + figures.failures() + " of " + figures.requests()));
            }
        }

        private void fail(String reason) {
            texts.add(0, reason);
            passed = false;
        }

        void addPercentile(String name, double percent, Optional<Limit> limit) {
            String value = name + " " + ms(percentile(idle.figures(), percent));
            if (limit.isEmpty()) {
                add(true, value);
                return;
            }
            double beside = live.map(figures -> percentile(figures, percent)).orElse(0.0);
            boolean relative = limit.get().timesLive().isPresent();
            double allowed = relative
                    ? Math.max(limit.get().ms(beside), FINEST_MS)
                    : limit.get().ms(beside);
            String explained = relative ? " of live's " + ms(beside) + ", that is " + ms(allowed) : "";
            add(percentile(idle.figures(), percent) <= allowed, value + " (limit " + limit.get() + explained + ")");
        }

        void addErrors(double most) {
            Figures figures = idle.figures();
            String reasons = idle.reasons().entrySet().stream()
                    .sorted((one, other) -> Long.compare(other.getValue(), one.getValue()))
                    .map(reason -> reason.getValue() + " x " + reason.getKey())
                    .collect(Collectors.joining("; ", ": ", ""));
            add(
                    figures.errorRate() <= most,
                    figures.failures() + " of " + figures.requests() + " failed (limit "
                            + BigDecimal.valueOf(most * 100)
                                    .round(new MathContext(4))
                                    .stripTrailingZeros()
                                    .toPlainString()
                            + "%)" + (idle.reasons().isEmpty() ? "" : reasons));
        }

        private void add(boolean holds, String text) {
            texts.add(text);
            passed &= holds;
        }

        private static double percentile(Figures figures, double percent) {
            return figures.latency().percentileMs(percent);
        }
    }
}
