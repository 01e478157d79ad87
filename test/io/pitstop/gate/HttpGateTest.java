package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.GateConfig;
import io.pitstop.environment.FakeColour;
import io.pitstop.error.Interrupted;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The candidate must answer /health with 200 within a second. */
class HttpGateTest {
    private final FakeColour candidate = FakeColour.start();
    private final Gate gate = Gates.from(
                    List.of(new GateConfig.Http("/health", 200, Duration.ofSeconds(1))),
                    new Candidate("blog", Colour.GREEN, candidate.url(), () -> new Series("", Figures.none())),
                    Map.of(),
                    () -> null,
                    () -> null)
            .get(0);

    @AfterEach
    void stop() {
        candidate.close();
    }

    @Test
    void a_good_answer_is_healthy_and_says_what_it_rests_on() {
        gate.begin();
        gate.judge(); // the first request of a process may take its time

        Verdict verdict = gate.judge();

        assertThat(verdict.answer()).isEqualTo(HEALTHY);
        assertThat(verdict.gate()).isEqualTo("http GET /health");
        assertThat(verdict.value()).matches("status 200 in \\d+ ms");
        assertThat(verdict.threshold()).isEqualTo("status 200 within 1s");
        assertThat(verdict.samples()).isEqualTo(2);
        assertThat(verdict.source()).isEqualTo(candidate.url().getAuthority());
    }

    @Test
    void two_bad_answers_in_a_row_are_unhealthy_but_one_is_not() {
        candidate.status(request -> List.of(200, 503, 200, 503, 503).get(request - 1));
        gate.begin();

        assertThat(Stream.generate(gate::judge).limit(5).map(Verdict::answer))
                .containsExactly(HEALTHY, UNDECIDED, HEALTHY, UNDECIDED, UNHEALTHY);
    }

    @Test
    void a_late_answer_is_a_bad_one() {
        candidate.slow(() -> Duration.ofSeconds(20));
        gate.begin();
        gate.judge();

        Verdict verdict = gate.judge();

        assertThat(verdict.answer()).isEqualTo(UNHEALTHY);
        assertThat(verdict.value()).isEqualTo("no answer in 1s, 2 bad answers in a row");
    }

    @Test
    void a_candidate_that_does_not_listen_gives_bad_answers() {
        candidate.close();
        gate.begin();

        assertThat(gate.judge().value()).isEqualTo("no connection");
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void a_new_bake_starts_anew() {
        candidate.status(request -> 503);
        gate.begin();
        gate.judge();
        gate.begin();

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
    }

    @Test
    void an_interrupt_ends_the_wait() {
        candidate.slow(() -> Duration.ofSeconds(20));
        gate.begin();
        Thread.currentThread().interrupt();

        assertThatThrownBy(gate::judge).isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).isTrue();
    }
}
