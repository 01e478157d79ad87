package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.GateConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of at least 20 requests at most 5 % may fail, and 95 % must be done in 100 ms; the router counted before. */
class RouterGateTest {
    private final Router router = new Router();
    private final Gate gate = Gates.from(
                    List.of(new GateConfig.Router(
                            0.05, Optional.of(Duration.ofMillis(100)), Optional.of(Duration.ofSeconds(1)), 20)),
                    URI.create("http://127.0.0.1:1"),
                    router::figures)
            .get(0);

    RouterGateTest() {
        router.serve(1_000, 900, Duration.ofSeconds(5));
        gate.begin();
    }

    @Test
    void only_what_came_since_the_bake_began_is_judged() {
        router.serve(100, 5, Duration.ofMillis(50));

        Verdict verdict = gate.judge();

        assertThat(verdict.answer()).isEqualTo(HEALTHY);
        assertThat(verdict.value()).matches("errors 5%, p95 5\\d\\.\\d ms, p99 5\\d\\.\\d ms");
        assertThat(verdict.threshold()).isEqualTo("errors 5%, p95 100ms, p99 1s");
        assertThat(verdict.samples()).isEqualTo(100);
    }

    @Test
    void too_many_failures_are_unhealthy() {
        router.serve(100, 6, Duration.ofMillis(50));

        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void a_tail_that_is_too_slow_is_unhealthy() {
        router.serve(90, 0, Duration.ofMillis(50));
        router.serve(10, 0, Duration.ofMillis(500));

        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void too_few_requests_are_no_verdict_and_at_the_end_a_bad_one() {
        router.serve(19, 0, Duration.ofMillis(50));

        Verdict verdict = gate.judge();

        assertThat(verdict.answer()).isEqualTo(UNDECIDED);
        assertThat(verdict.value()).isEqualTo("too few requests (19 of 20)");
        assertThat(verdict.atTheEnd().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void one_missing_answer_is_tolerated_and_two_in_a_row_are_not() {
        router.serve(100, 0, Duration.ofMillis(50));

        router.answers = false;
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        router.answers = true;
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
        router.answers = false;
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(gate.judge())
                .isEqualTo(new Verdict(
                        "router",
                        UNHEALTHY,
                        "no answer: The router is away.",
                        "errors 5%, p95 100ms, p99 1s",
                        100,
                        "the router's own figures"));
    }

    @Test
    void a_router_that_was_away_when_the_bake_began_is_judged_from_its_first_answer() {
        router.answers = false;
        gate.begin();
        router.answers = true;

        assertThat(gate.judge().value()).isEqualTo("too few requests (0 of 20)");
        router.serve(30, 30, Duration.ofMillis(50));
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void what_failed_before_the_router_restarted_is_not_forgotten() {
        router.serve(100, 50, Duration.ofMillis(50));
        gate.judge();

        router.restart();
        router.serve(100, 0, Duration.ofMillis(50));

        Verdict verdict = gate.judge();
        assertThat(verdict.answer()).isEqualTo(UNHEALTHY);
        assertThat(verdict.samples()).isEqualTo(200);
    }

    @Test
    void a_restart_is_noticed_even_if_the_router_has_counted_beyond_its_old_figures() {
        router.restart();
        router.serve(5_000, 1_000, Duration.ofMillis(50));

        assertThat(gate.judge().samples()).isEqualTo(5_000);
    }

    private static final class Router {
        boolean answers = true;
        private long requests;
        private long failures;
        private Latency.Recorder latency = new Latency.Recorder();

        void serve(int count, int failed, Duration took) {
            for (int i = 0; i < count; i++) {
                latency.record(took);
            }
            requests += count;
            failures += failed;
        }

        void restart() {
            requests = 0;
            failures = 0;
            latency = new Latency.Recorder();
        }

        Figures figures() {
            if (!answers) {
                throw new DependencyFailed("The router is away.", "Start it.");
            }
            return new Figures(requests, failures, latency.snapshot());
        }
    }
}
