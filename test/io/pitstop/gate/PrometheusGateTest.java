package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.Bounds;
import io.pitstop.config.PrometheusConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Green bakes for ten minutes already; the error rate of the last minute may be 0.01 at most. */
class PrometheusGateTest {
    private static final String QUERY = "rate(errors{colour=\"{colour}\",app=\"{application}\"}[{window}])";
    private static final String NOTHING = "[]";

    private final FakePrometheus prometheus = FakePrometheus.start();
    private final FakeInstants clock = new FakeInstants(Instant.parse("2026-03-01T12:00:00Z"));
    private final Gate gate = gate(config(QUERY, Optional.empty()));

    PrometheusGateTest() {
        gate.begin();
        clock.pass(Duration.ofMinutes(10));
    }

    @AfterEach
    void stop() {
        prometheus.close();
    }

    @Test
    void a_good_value_is_healthy_and_says_what_it_rests_on() {
        prometheus.series("0.004");
        gate.judge(); // looks at all that nobody has seen

        assertThat(gate.judge())
                .isEqualTo(new Verdict(
                        "prometheus rate(errors{colour=\"green\",app=\"blog\"}[{window}])",
                        HEALTHY,
                        "0.004",
                        "at most 0.01",
                        1,
                        prometheus.address().getAuthority(),
                        "the last 1m"));
        assertThat(prometheus.queries)
                .containsExactly(
                        "rate(errors{colour=\"green\",app=\"blog\"}[600s])",
                        "rate(errors{colour=\"green\",app=\"blog\"}[60s])");
    }

    @Test
    void a_window_never_reaches_back_before_the_bake() {
        prometheus.series("0");
        gate.begin();

        assertThat(gate.judge().value()).isEqualTo("too early to tell, for another 1s");
        clock.pass(Duration.ofMillis(17_900));
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
        assertThat(prometheus.queries).containsExactly("rate(errors{colour=\"green\",app=\"blog\"}[17s])");
    }

    @Test
    void a_query_that_looks_back_on_a_time_of_its_own_is_put_when_that_is_all_of_this_bake() {
        Gate gate = gate(config("rate(errors[1m])", Optional.empty()));
        prometheus.series("0");
        gate.begin();
        clock.pass(Duration.ofSeconds(59));

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(prometheus.queries).isEmpty();
        clock.pass(Duration.ofSeconds(1));
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
        assertThat(gate.judge().window()).isEqualTo("looks back 1m");
    }

    @ParameterizedTest
    @CsvSource({
        "'0.01', HEALTHY, '0.01'",
        "'0.011', UNHEALTHY, '0.011'",
        "'+Inf', UNHEALTHY, 'Infinity'",
        "'NaN', UNDECIDED, 'not a number'",
        "'-Inf', UNDECIDED, '-Infinity, not all are numbers'",
        "'0.001 0.002', HEALTHY, '0.002, the worst of 2 series'",
        "'0.001 0.02 0.002', UNHEALTHY, '0.02, the worst of 3 series'",
        "'0.001 NaN', UNDECIDED, '0.001, the worst of 2 series, not all are numbers'",
        "'0.02 NaN', UNHEALTHY, '0.02, the worst of 2 series'",
        "'histogram', UNDECIDED, 'not a number'",
        "'', UNDECIDED, 'no series'"
    })
    void the_worst_series_counts_and_what_is_no_number_is_no_success(
            String values, Verdict.Answer answer, String value) {
        prometheus.series(values.isEmpty() ? new String[0] : values.split(" "));

        assertThat(gate.judge().answer()).isEqualTo(answer);
        assertThat(gate.judge().value()).isEqualTo(value);
    }

    @Test
    void too_small_a_value_is_as_bad_as_too_great_a_one() {
        Gate gate = gate(new PrometheusConfig(
                prometheus.address(),
                "up",
                new Bounds(Optional.empty(), Optional.of(1.0)),
                Duration.ofMinutes(1),
                Optional.empty(),
                20,
                Optional.empty(),
                Duration.ofSeconds(5)));
        gate.begin();
        clock.pass(Duration.ofMinutes(1));

        prometheus.series("1", "0");
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        prometheus.series("1", "+Inf");
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        prometheus.series("1", "2");
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
    }

    @Test
    void a_value_with_a_warning_is_no_success() {
        prometheus.answer(
                200,
                "{\"status\":\"success\",\"warnings\":[\"a store is away\"],\"data\":{\"resultType\":\"vector\","
                        + "\"result\":[{\"metric\":{},\"value\":[1,\"0\"]}]}}");

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(gate.judge().value()).isEqualTo("0, with warnings: a store is away");
    }

    @Test
    void a_single_number_is_a_value_and_a_list_of_them_is_a_mistake() {
        prometheus.answer(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"0.02\"]}}");
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        prometheus.answer(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}");
        assertThat(gate.judge().value()).isEqualTo("no answer: the query gives a matrix, not a value");
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void too_few_samples_are_no_verdict() {
        Gate gate = gate(config(QUERY, Optional.of("sum(increase(requests[{window}]))")));
        gate.begin();
        clock.pass(Duration.ofMinutes(1));
        prometheus.series("0.5");
        prometheus.seriesOf("sum(increase(requests[60s]))", "19.4");

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(gate.judge().value()).isEqualTo("too few samples (19 of 20)");
        prometheus.seriesOf("sum(increase(requests[60s]))", "20");
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        assertThat(gate.judge().samples()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({"500", "502", "503", "429"})
    void an_error_of_the_server_is_no_success_and_must_not_last(int status) {
        prometheus.series("0");
        gate.judge();
        prometheus.answer(status, "<html>try later</html>");

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(gate.judge().value()).isEqualTo("no answer: status " + status + ", no result");
        assertThat(gate.judge().atTheEnd().answer()).isEqualTo(UNHEALTHY);
        clock.pass(Duration.ofSeconds(61));
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void a_query_that_cannot_be_read_is_unhealthy_at_once() {
        prometheus.answer(400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}");

        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        assertThat(gate.judge().value()).isEqualTo("no answer: status 400: parse error");
    }

    @Test
    void an_answer_that_never_comes_is_not_waited_for() {
        prometheus.series("0");
        prometheus.slow(Duration.ofSeconds(20));
        Gate gate = gate(new PrometheusConfig(
                prometheus.address(),
                QUERY,
                new Bounds(Optional.of(1.0), Optional.empty()),
                Duration.ofMinutes(1),
                Optional.empty(),
                20,
                Optional.empty(),
                Duration.ofMillis(200)));
        gate.begin();
        clock.pass(Duration.ofMinutes(1));

        assertThat(gate.judge().value()).isEqualTo("no answer: no answer in 200ms");
        prometheus.close();
        assertThat(gate.judge().value()).isEqualTo("no answer: no connection");
    }

    @Test
    void the_token_comes_by_its_variable_and_shows_nowhere() {
        PrometheusConfig config = new PrometheusConfig(
                prometheus.address(),
                QUERY,
                new Bounds(Optional.of(1.0), Optional.empty()),
                Duration.ofMinutes(1),
                Optional.empty(),
                20,
                Optional.of("PROMETHEUS_TOKEN"),
                Duration.ofSeconds(5));
        Gate gate = gate(config, Map.of("PROMETHEUS_TOKEN", "geheim\n"));
        gate.begin();
        clock.pass(Duration.ofMinutes(1));
        prometheus.answer(401, "{\"status\":\"error\",\"error\":\"geheim is not known\"}");

        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        assertThat(gate.judge().toString()).contains("… is not known").doesNotContain("geheim");
        assertThat(prometheus.authorization).isEqualTo("Bearer geheim");
        assertThatThrownBy(() -> gate(config))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("PROMETHEUS_TOKEN");
        assertThatThrownBy(() -> gate(config, Map.of("PROMETHEUS_TOKEN", "geheim\nand more")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("PROMETHEUS_TOKEN")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void a_later_process_looks_at_all_that_passed_while_nobody_asked() {
        prometheus.series("0");
        gate.judge();
        Gate later = gate(config(QUERY, Optional.empty()));
        clock.pass(Duration.ofMinutes(5));
        later.resume(gate.memory());
        prometheus.answer(503, NOTHING);
        assertThat(later.judge().answer()).isEqualTo(UNDECIDED); // that nobody asked is no silence
        prometheus.series("0");
        later.judge();
        later.judge();

        assertThat(prometheus.queries)
                .extracting(query -> query.replaceAll(".*\\[(.*)].*", "$1"))
                .containsExactly("600s", "300s", "300s", "60s");
    }

    private PrometheusConfig config(String query, Optional<String> samples) {
        return new PrometheusConfig(
                prometheus.address(),
                query,
                new Bounds(Optional.of(0.01), Optional.empty()),
                Duration.ofMinutes(1),
                samples,
                20,
                Optional.empty(),
                Duration.ofSeconds(5));
    }

    private Gate gate(PrometheusConfig config) {
        return gate(config, Map.of());
    }

    private Gate gate(PrometheusConfig config, Map<String, String> environment) {
        Candidate green = new Candidate(
                "blog", Colour.GREEN, URI.create("http://127.0.0.1:1"), () -> new Series("", Figures.none()));
        PrometheusClient client = PrometheusClient.of(config, environment, HttpClient.newHttpClient());
        return new PrometheusGate(config, green, client, new Vigil(clock));
    }
}
