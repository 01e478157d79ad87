package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.Bounds;
import io.pitstop.config.PrometheusConfig;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus knows the requests and errors of green; at most 10 % of at least 20 may fail. */
class RealPrometheusTest {
    private static final String RATIO = "sum(rate(http_errors_total{colour=\"{colour}\"}[{window}]))"
            + " / sum(rate(http_requests_total{colour=\"{colour}\"}[{window}]))";
    private static final String REQUESTS = "sum(increase(http_requests_total{colour=\"{colour}\"}[{window}]))";

    @TempDir
    private Path folder;

    @Test
    void what_failed_before_the_bake_is_forgotten_and_what_fails_in_it_is_not() throws InterruptedException {
        try (RealPrometheus prometheus = RealPrometheus.start(folder)) {
            Gate before = gate(prometheus, RATIO, Optional.of(REQUESTS));
            before.begin();
            await(before, UNHEALTHY, prometheus, 50);

            Gate gate = gate(prometheus, RATIO, Optional.of(REQUESTS));
            gate.begin();
            Verdict good = await(gate, HEALTHY, prometheus, 0);
            Verdict bad = await(gate, UNHEALTHY, prometheus, 50);

            assertThat(good.value()).isEqualTo("0");
            assertThat(good.samples()).isGreaterThanOrEqualTo(20);
            assertThat(good.window()).matches("the last \\d+s");
            assertThat(bad.threshold()).isEqualTo("at most 0.1");
        }
    }

    @Test
    void what_prometheus_cannot_answer_is_never_a_success() throws InterruptedException {
        try (RealPrometheus prometheus = RealPrometheus.start(folder)) {
            await(gate(prometheus, "vector(0)", Optional.empty()), HEALTHY, prometheus, 0);

            assertThat(first(prometheus, "no_such_metric").value()).isEqualTo("no series");
            assertThat(first(prometheus, "vector(0) / vector(0)").value()).isEqualTo("not a number");
            assertThat(first(prometheus, "scalar(no_such_metric)").value()).isEqualTo("not a number");
            assertThat(first(prometheus, "sum(").answer()).isEqualTo(UNHEALTHY);
            assertThat(first(prometheus, "sum(").value()).startsWith("no answer: status 400: ");
            assertThat(first(prometheus, "\"text\"").value())
                    .isEqualTo("no answer: the query gives a string, not a value");
        }
    }

    /** Looks once a gate has waited for its window. */
    private static Verdict first(RealPrometheus prometheus, String query) {
        Gate gate = gate(prometheus, query, Optional.empty());
        gate.resume(Map.of("begun", 0L, "seen", 0L));
        return gate.judge();
    }

    private static Verdict await(Gate gate, Verdict.Answer wanted, RealPrometheus prometheus, int failedOf100)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            prometheus.requests.addAndGet(100);
            prometheus.errors.addAndGet(failedOf100);
            Thread.sleep(100);
            Verdict verdict = gate.judge();
            if (verdict.answer() == wanted) {
                return verdict;
            }
            assertThat(System.nanoTime()).as(verdict.toString()).isLessThan(deadline);
        }
    }

    private static Gate gate(RealPrometheus prometheus, String query, Optional<String> samples) {
        PrometheusConfig config = new PrometheusConfig(
                prometheus.address(),
                query,
                new Bounds(Optional.of(0.1), Optional.empty()),
                Duration.ofSeconds(5),
                samples,
                20,
                Optional.empty(),
                Duration.ofSeconds(5));
        Candidate green = new Candidate(
                "blog", Colour.GREEN, URI.create("http://127.0.0.1:1"), () -> new Series("", Figures.none()));
        return Gates.from(List.of(config), green, Map.of(), () -> null, () -> null)
                .get(0);
    }
}
