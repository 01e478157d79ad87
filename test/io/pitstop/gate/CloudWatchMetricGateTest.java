package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.CborService;
import io.pitstop.aws.Moto;
import io.pitstop.aws.TestAws;
import io.pitstop.config.Bounds;
import io.pitstop.config.CloudWatchMetricConfig;
import io.pitstop.config.CloudWatchMetricConfig.Missing;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;

/** A bake of green began at 12:00:20; at most 5 errors a minute are good, and data comes within 2 minutes. */
class CloudWatchMetricGateTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Candidate GREEN =
            new Candidate("blog", Colour.GREEN, URI.create("http://127.0.0.1:1"), () -> new Series("", Figures.none()));
    private static final String ERRORS = "pitstop_result";
    private static final String REQUESTS = "pitstop_samples";

    private final FakeCloudWatch cloudWatch = new FakeCloudWatch();
    private final FakeInstants clock = new FakeInstants(NOON.plusSeconds(20));
    private final Gate gate = gate(Optional.empty(), Missing.UNHEALTHY);

    CloudWatchMetricGateTest() {
        gate.begin();
    }

    @AfterEach
    void stop() {
        cloudWatch.close();
    }

    @Test
    void each_whole_minute_since_the_bake_began_is_judged_and_none_before() {
        cloudWatch.value(ERRORS, minute(-1), 900);
        cloudWatch.value(ERRORS, minute(0), 900);
        assertThat(gate.judge().value()).isEqualTo("no whole period is over since the bake began");
        cloudWatch.value(ERRORS, minute(1), 3);
        cloudWatch.value(ERRORS, minute(2), 5);
        cloudWatch.value(ERRORS, minute(3), 900); // has not ended yet
        at(3, 30);

        assertThat(gate.judge())
                .isEqualTo(new Verdict(
                        "cloudwatch Sum of HTTPCode_Target_5XX_Count",
                        HEALTHY,
                        "5 at 2026-03-01T12:02:00Z, the worst of 2",
                        "at most 5",
                        2,
                        "CloudWatch, AWS/ApplicationELB",
                        "periods of 1m since 2026-03-01T12:01:00Z"));
        assertThat(cloudWatch.asked.get(0).toString()).contains("targetgroup/blog-green/1", "AWS/ApplicationELB");
    }

    @Test
    void one_bad_minute_among_good_ones_is_unhealthy() {
        cloudWatch.value(ERRORS, minute(1), 0);
        cloudWatch.value(ERRORS, minute(2), 6);
        cloudWatch.value(ERRORS, minute(3), 0);
        at(4, 0);

        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        assertThat(gate.judge().value()).startsWith("6 at 2026-03-01T12:02:00Z");
    }

    @Test
    void a_minute_without_data_may_come_yet_but_not_for_long() {
        cloudWatch.value(ERRORS, minute(1), 0);
        at(4, 59);
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
        at(5, 0);

        Verdict verdict = gate.judge();

        assertThat(verdict.answer()).isEqualTo(UNDECIDED);
        assertThat(verdict.value()).endsWith("but no data of 1, such as 2026-03-01T12:02:00Z");
        assertThat(verdict.atTheEnd().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void no_data_at_all_is_no_success() {
        at(2, 0);
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        at(59, 0);
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(gate.judge().value()).isEqualTo("no data yet");
    }

    @Test
    void errors_that_are_only_written_when_there_are_some_are_zero_where_there_were_requests() {
        Gate gate = gate(Optional.of("RequestCount"), Missing.ZERO);
        cloudWatch.value(REQUESTS, minute(1), 60);
        at(3, 59);
        assertThat(gate.judge().value()).isEqualTo("no data yet");
        at(4, 0);

        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
        assertThat(gate.judge().samples()).isEqualTo(60);
        at(5, 0);
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED); // nobody knows of 12:02
        cloudWatch.value(ERRORS, minute(2), 7);
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void too_few_requests_are_no_verdict() {
        Gate gate = gate(Optional.of("RequestCount"), Missing.ZERO);
        cloudWatch.value(REQUESTS, minute(1), 9);
        at(4, 0);

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(gate.judge().value()).isEqualTo("too few samples (9 of 10)");
    }

    @Test
    void an_expression_is_asked_for_over_its_metrics() {
        CloudWatchMetricConfig config = new CloudWatchMetricConfig(
                "AWS/ApplicationELB",
                Optional.empty(),
                Map.of("e", "HTTPCode_Target_5XX_Count", "r", "RequestCount"),
                Optional.of("100 * FILL(e, 0) / r"),
                "Sum",
                Map.of("LoadBalancer", "app/{application}/9"),
                Map.of(
                        "blue",
                        Map.of("TargetGroup", "targetgroup/b/1"),
                        "green",
                        Map.of("TargetGroup", "targetgroup/g/2")),
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                new Bounds(Optional.of(1.0), Optional.empty()),
                Optional.empty(),
                1,
                Missing.UNHEALTHY);
        Gate gate = gate(config);
        cloudWatch.value("pitstop_result", minute(1), 1.5);
        cloudWatch.value("e", minute(1), 0);
        at(2, 0);

        assertThat(gate.judge().value()).startsWith("1.5 at ");
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        assertThat(cloudWatch.asked.get(0).toString())
                .contains("app/blog/9", "targetgroup/g/2")
                .doesNotContain("targetgroup/b/1");
        assertThat((List<?>) cloudWatch.asked.get(0).get("MetricDataQueries")).hasSize(3);
        assertThat(gate.judge().gate()).isEqualTo("cloudwatch Sum of 100 * FILL(e, 0) / r");
    }

    @Test
    void all_pages_are_read() {
        cloudWatch.pageSize = 2;
        for (int i = 1; i < 8; i++) {
            cloudWatch.value(ERRORS, minute(i), i == 7 ? 99 : 0);
        }
        at(8, 0);

        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        cloudWatch.value(ERRORS, minute(7), 0);
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
        assertThat(gate.judge().samples()).isEqualTo(7);
    }

    @Test
    void an_answer_that_is_not_complete_is_no_success() {
        cloudWatch.value(ERRORS, minute(1), 0);
        at(2, 0);

        for (String status : List.of("PartialData", "InternalError", "Forbidden")) {
            cloudWatch.status = status;
            assertThat(gate.judge().answer()).as(status).isEqualTo(UNDECIDED);
            assertThat(gate.judge().value()).endsWith("but pitstop_result is " + status);
        }
    }

    @Test
    void a_question_that_is_wrong_is_unhealthy_at_once_and_a_busy_server_is_not() {
        at(3, 21);
        cloudWatch.refuses(400, "ValidationError");
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        cloudWatch.refuses(503, "ServiceUnavailable");
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY); // silent for more than 3 minutes by this clock
        cloudWatch.answers();
        gate.judge();
        cloudWatch.refuses(503, "ServiceUnavailable");
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
    }

    @Test
    void a_later_process_judges_what_passed_while_nobody_asked() {
        Gate later = gate(Optional.empty(), Missing.UNHEALTHY);
        cloudWatch.value(ERRORS, minute(1), 6);
        cloudWatch.value(ERRORS, minute(2), 0);
        at(3, 0);
        later.resume(gate.memory());

        assertThat(later.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void the_emulator_agrees() {
        try (Moto moto = Moto.start();
                CborService service = moto.cloudWatch();
                CloudWatchClient client = TestAws.at(service.address()).cloudWatch()) {
            Instant start = Instant.now().truncatedTo(ChronoUnit.MINUTES).minusSeconds(180);
            FakeInstants now = new FakeInstants(start);
            Gate gate = new CloudWatchMetricGate(
                    config(Optional.empty(), Missing.UNHEALTHY),
                    GREEN,
                    CloudWatch.of(TestAws.at(service.address())),
                    new Vigil(now));
            gate.begin();
            now.pass(Duration.ofMinutes(2));

            assertThat(gate.judge().value()).isEqualTo("no data yet");
            put(client, start.plusSeconds(10), 4);
            assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
            put(client, start.plusSeconds(70), 6);
            assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        }
    }

    private static void put(CloudWatchClient client, Instant at, double errors) {
        client.putMetricData(data -> data.namespace("AWS/ApplicationELB")
                .metricData(MetricDatum.builder()
                        .metricName("HTTPCode_Target_5XX_Count")
                        .dimensions(Dimension.builder()
                                .name("TargetGroup")
                                .value("targetgroup/blog-green/1")
                                .build())
                        .timestamp(at)
                        .value(errors)
                        .build()));
    }

    private static Instant minute(int number) {
        return NOON.plusSeconds(60L * number);
    }

    private void at(int minute, int second) {
        clock.pass(Duration.between(clock.instant(), minute(minute).plusSeconds(second)));
    }

    private Gate gate(Optional<String> samples, Missing missing) {
        return gate(config(samples, missing));
    }

    private Gate gate(CloudWatchMetricConfig config) {
        Gate gate = new CloudWatchMetricGate(config, GREEN, cloudWatch.client(), new Vigil(clock));
        gate.begin();
        return gate;
    }

    private static CloudWatchMetricConfig config(Optional<String> samples, Missing missing) {
        return new CloudWatchMetricConfig(
                "AWS/ApplicationELB",
                Optional.of("HTTPCode_Target_5XX_Count"),
                Map.of(),
                Optional.empty(),
                "Sum",
                Map.of("TargetGroup", "targetgroup/{application}-{colour}/1"),
                Map.of(),
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                new Bounds(Optional.of(5.0), Optional.empty()),
                samples,
                10,
                missing);
    }
}
