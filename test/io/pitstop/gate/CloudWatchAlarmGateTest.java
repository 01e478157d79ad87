package io.pitstop.gate;

import static io.pitstop.gate.Verdict.Answer.HEALTHY;
import static io.pitstop.gate.Verdict.Answer.UNDECIDED;
import static io.pitstop.gate.Verdict.Answer.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.CborService;
import io.pitstop.aws.Moto;
import io.pitstop.aws.TestAws;
import io.pitstop.config.CloudWatchAlarmConfig;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** A bake of green began at noon; the alarm blog-green-5xx looks back 3 minutes. */
class CloudWatchAlarmGateTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Candidate GREEN =
            new Candidate("blog", Colour.GREEN, URI.create("http://127.0.0.1:1"), () -> new Series("", Figures.none()));

    private final FakeCloudWatch cloudWatch = new FakeCloudWatch();
    private final FakeInstants clock = new FakeInstants(NOON);
    private final Gate gate = gate(Optional.empty());

    CloudWatchAlarmGateTest() {
        gate.begin();
    }

    @AfterEach
    void stop() {
        cloudWatch.close();
    }

    @Test
    void ok_counts_once_all_that_the_alarm_looks_at_is_of_this_bake() {
        cloudWatch.metricAlarm("blog-green-5xx", "OK", NOON.minusSeconds(3_600));

        clock.pass(Duration.ofSeconds(239));
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(gate.judge().value()).isEqualTo("OK, judging what was before the bake for another 2s");
        clock.pass(Duration.ofSeconds(1));

        assertThat(gate.judge())
                .isEqualTo(new Verdict(
                        "cloudwatch alarm blog-green-5xx", HEALTHY, "OK", "OK", 3, "CloudWatch", "looks back 4m"));
    }

    @Test
    void an_alarm_that_begins_during_the_bake_is_unhealthy_at_once() {
        clock.pass(Duration.ofSeconds(20));
        cloudWatch.metricAlarm("blog-green-5xx", "ALARM", NOON.plusSeconds(15));

        Verdict verdict = gate.judge();

        assertThat(verdict.answer()).isEqualTo(UNHEALTHY);
        assertThat(verdict.value()).isEqualTo("ALARM since 2026-03-01T12:00:15Z: Threshold crossed");
    }

    @Test
    void an_alarm_of_before_the_bake_says_nothing_until_it_must_have_gone() {
        cloudWatch.metricAlarm("blog-green-5xx", "ALARM", NOON.minusSeconds(15));

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        clock.pass(Duration.ofMinutes(4));
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void without_data_an_alarm_is_not_healthy() {
        cloudWatch.metricAlarm("blog-green-5xx", "INSUFFICIENT_DATA", NOON);
        clock.pass(Duration.ofHours(1));

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        assertThat(gate.judge().atTheEnd().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void an_ok_by_a_part_of_the_data_is_none() {
        cloudWatch.metricAlarm("blog-green-5xx", "OK", NOON);
        cloudWatch.judgedByAPart("blog-green-5xx");
        clock.pass(Duration.ofHours(1));

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
    }

    @Test
    void an_alarm_over_other_alarms_is_found_and_judged_after_its_window() {
        Gate gate = gate(Optional.of(Duration.ofMinutes(2)));
        gate.begin();
        cloudWatch.compositeAlarm("blog-green-5xx", "OK", NOON.minusSeconds(60));

        clock.pass(Duration.ofSeconds(119));
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        clock.pass(Duration.ofSeconds(1));
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
        cloudWatch.compositeAlarm("blog-green-5xx", "INSUFFICIENT_DATA", NOON);
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        cloudWatch.compositeAlarm("blog-green-5xx", "ALARM", clock.instant());
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void an_alarm_over_other_alarms_without_a_window_is_waited_for_longer() {
        cloudWatch.compositeAlarm("blog-green-5xx", "OK", NOON.minusSeconds(60));

        clock.pass(Duration.ofSeconds(299));
        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        clock.pass(Duration.ofSeconds(1));
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
    }

    @Test
    void an_alarm_that_is_not_there_is_unhealthy() {
        cloudWatch.metricAlarm("blog-blue-5xx", "OK", NOON);

        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        assertThat(gate.judge().value()).isEqualTo("there is no alarm of this name");
    }

    @Test
    void who_may_not_ask_is_told_so_at_once() {
        cloudWatch.refuses(403, "AccessDenied");

        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
        assertThat(gate.judge().value()).startsWith("no answer: AccessDenied");
    }

    @Test
    void silence_is_no_success_and_must_not_last() {
        cloudWatch.metricAlarm("blog-green-5xx", "OK", NOON.minusSeconds(60));
        clock.pass(Duration.ofMinutes(10));
        assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
        cloudWatch.refuses(503, "ServiceUnavailable");

        assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
        clock.pass(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
    }

    @Test
    void a_later_process_goes_on_with_the_same_bake() {
        cloudWatch.metricAlarm("blog-green-5xx", "OK", NOON.minusSeconds(60));
        clock.pass(Duration.ofMinutes(4));
        Gate later = gate(Optional.empty());
        later.resume(gate.memory());

        assertThat(later.judge().answer()).isEqualTo(HEALTHY);
        later.resume(Map.of("format", "of another version"));
        assertThat(later.judge().answer()).isEqualTo(UNDECIDED);
    }

    @Test
    void the_emulator_agrees() {
        try (Moto moto = Moto.start();
                CborService service = moto.cloudWatch();
                CloudWatchClient client = TestAws.at(service.address()).cloudWatch()) {
            client.putMetricAlarm(alarm -> alarm.alarmName("blog-green-5xx")
                    .namespace("AWS/ApplicationELB")
                    .metricName("HTTPCode_Target_5XX_Count")
                    .statistic("Sum")
                    .period(60)
                    .evaluationPeriods(1)
                    .threshold(5.0)
                    .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD));
            FakeInstants now = new FakeInstants(Instant.now().minusSeconds(60));
            Gate gate = new CloudWatchAlarmGate(
                    config(Optional.empty()), GREEN, CloudWatch.of(TestAws.at(service.address())), new Vigil(now));
            gate.begin();
            now.pass(Duration.ofMinutes(2));

            state(client, StateValue.OK);
            assertThat(gate.judge().answer()).isEqualTo(HEALTHY);
            state(client, StateValue.INSUFFICIENT_DATA);
            assertThat(gate.judge().answer()).isEqualTo(UNDECIDED);
            state(client, StateValue.ALARM);
            assertThat(gate.judge().answer()).isEqualTo(UNHEALTHY);
            assertThat(gate.judge().value()).endsWith(": as the test wants it");
        }
    }

    private static void state(CloudWatchClient client, StateValue state) {
        client.setAlarmState(
                alarm -> alarm.alarmName("blog-green-5xx").stateValue(state).stateReason("as the test wants it"));
    }

    private Gate gate(Optional<Duration> window) {
        return new CloudWatchAlarmGate(config(window), GREEN, cloudWatch.client(), new Vigil(clock));
    }

    private static CloudWatchAlarmConfig config(Optional<Duration> window) {
        return new CloudWatchAlarmConfig("{application}-{colour}-5xx", window);
    }
}
