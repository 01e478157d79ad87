package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.config.GateConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of at least 20 requests at most 5 % may fail, and 95 % must be done in 100 ms; the router counted before. */
class RouterGateTest {
    private final Router router = new Router();
    private final Gate gate = gate();

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

    @Test
    void a_later_process_judges_what_passed_while_nobody_asked() {
        router.serve(100, 0, Duration.ofMillis(50));
        gate.judge();
        Gate later = laterProcess(gate);
        router.serve(100, 30, Duration.ofMillis(50));

        Verdict verdict = later.judge();

        assertThat(verdict.answer()).isEqualTo(UNHEALTHY);
        assertThat(verdict.samples()).isEqualTo(100);
    }

    @Test
    void a_later_process_knows_what_the_one_before_saw() {
        router.serve(100, 6, Duration.ofMillis(50));
        gate.judge();
        Gate later = laterProcess(gate);
        router.serve(10, 0, Duration.ofMillis(50));

        Verdict verdict = later.judge();

        assertThat(verdict.answer()).isEqualTo(UNHEALTHY);
        assertThat(verdict.value()).startsWith("errors 5.45%");
        assertThat(verdict.samples()).isEqualTo(110);
    }

    @Test
    void hours_of_good_figures_do_not_hide_minutes_of_bad_ones() {
        router.serve(10_000, 0, Duration.ofMillis(50));
        gate.judge();
        router.serve(100, 6, Duration.ofMillis(50));

        Verdict verdict = laterProcess(gate).judge();

        assertThat(verdict.answer()).isEqualTo(UNHEALTHY);
        assertThat(verdict.value()).startsWith("errors 6%").endsWith(" since the last look");
    }

    @Test
    void too_few_requests_since_the_last_look_leave_the_whole_to_decide() {
        router.serve(100, 0, Duration.ofMillis(50));
        gate.judge();
        router.serve(2, 2, Duration.ofMillis(50));

        assertThat(laterProcess(gate).judge().answer()).isEqualTo(HEALTHY);
    }

    @Test
    void a_router_that_restarted_while_nobody_asked_is_judged_by_all_that_it_has_counted_since() {
        router.serve(100, 0, Duration.ofMillis(50));
        gate.judge();
        router.restart();
        router.serve(1_000, 0, Duration.ofMillis(50)); // so many that they could be the old figures, and more
        router.serve(4_000, 1_000, Duration.ofSeconds(5));

        Verdict verdict = laterProcess(gate).judge();

        assertThat(verdict.samples()).isEqualTo(5_000);
        assertThat(verdict.value()).startsWith("errors 20%");
    }

    @Test
    void what_cannot_be_read_is_no_memory() {
        Gate later = gate();
        later.resume(Map.of("format", "of another version"));
        router.serve(30, 0, Duration.ofMillis(50));

        assertThat(later.judge().samples()).isEqualTo(30);
    }

    /** The same gate as another process has it, from what the journal keeps. */
    private Gate laterProcess(Gate before) {
        try {
            ObjectMapper json = new ObjectMapper();
            Gate later = gate();
            later.resume(json.readValue(json.writeValueAsString(before.memory()), new TypeReference<>() {}));
            return later;
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private Gate gate() {
        GateConfig config = new GateConfig.Router(
                0.05, Optional.of(Duration.ofMillis(100)), Optional.of(Duration.ofSeconds(1)), 20);
        return Gates.from(
                        List.of(config),
                        new Candidate("blog", Colour.GREEN, URI.create("http://127.0.0.1:1"), router::figures),
                        Map.of(),
                        () -> null,
                        () -> null)
                .get(0);
    }

    private static final class Router {
        boolean answers = true;
        private String series = "first start";
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
            series = "later start";
            requests = 0;
            failures = 0;
            latency = new Latency.Recorder();
        }

        Series figures() {
            if (!answers) {
                throw new DependencyFailed("The router is away.", "Start it.");
            }
            return new Series(series, new Figures(requests, failures, latency.snapshot()));
        }
    }
}
