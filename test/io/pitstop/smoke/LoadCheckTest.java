package io.pitstop.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.Limit;
import io.pitstop.config.SmokeConfig;
import io.pitstop.environment.FakeColour;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 100 requests/s to an idle colour, beside a live one that answers after 20 ms. */
@Timeout(60)
class LoadCheckTest {
    private static final Optional<Limit> NONE = Optional.empty();

    private final FakeColour idle = FakeColour.start();
    private final FakeColour live = FakeColour.start().slow(() -> Duration.ofMillis(20));
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        idle.close();
        live.close();
    }

    @Test
    void a_colour_that_is_fast_enough_passes_and_all_values_are_told() {
        CheckResult result = run(load(500, atMost(5_000), atMost(6_000), 0));

        assertThat(result.passed()).as(result.detail()).isTrue();
        assertThat(result.detail())
                .matches("p50 [\\d.]+ ms, p95 [\\d.]+ ms \\(limit 5s\\), p99 [\\d.]+ ms \\(limit 6s\\), "
                        + "0 of 50 failed \\(limit 0%\\), 100/s for 500ms after a warm-up of 1s");
        assertThat(live.requests()).as("nothing is compared with it").isZero();
    }

    /** A client that waits for each answer would make one slow request a stall, and call the 99th percentile good. */
    @Test
    void a_stall_shows_the_waiting_of_everybody_who_came_meanwhile() {
        idle.stalls(Duration.ofSeconds(1), Duration.ofSeconds(3));

        CheckResult result = run(load(3_000, NONE, atMost(500), 0));

        assertThat(result.passed()).as(result.detail()).isFalse();
        assertThat(percentile("p99", result)).isGreaterThan(850);
        assertThat(percentile("p50", result)).isLessThan(700);
        assertThat(result.detail()).contains("0 of 300 failed");
    }

    @Test
    void failures_beyond_the_limit_fail_and_are_told_apart() {
        idle.status(request -> request % 10 == 0 ? 500 : request % 10 == 5 ? 301 : 200);

        CheckResult result = run(load(500, NONE, NONE, 0.1));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail())
                // Where the warm-up ends decides whether the first failure is the tenth request or the ninth.
                .containsPattern("1[01] of 50 failed \\(limit 10%\\): ")
                .containsPattern("[56] x status 500")
                .containsPattern("[56] x status 301");
    }

    @Test
    void failures_within_the_limit_pass() {
        idle.status(request -> request % 10 == 0 ? 500 : 200);

        assertThat(run(load(500, NONE, NONE, 0.1)).passed()).isTrue();
    }

    @Test
    void a_colour_much_slower_than_the_live_one_fails_a_relative_limit() {
        idle.slow(() -> Duration.ofSeconds(1));

        CheckResult result = run(load(500, times(2), NONE, 0));

        assertThat(result.passed()).as(result.detail()).isFalse();
        assertThat(result.detail()).containsPattern("p95 \\d+ ms \\(limit 2.0x of live's \\d+ ms, that is \\d+ ms\\)");
        assertThat(live.requests()).as("asked as often as the idle colour").isEqualTo(idle.requests());
    }

    @Test
    void a_live_colour_that_fails_is_nothing_to_compare_with() {
        live.status(request -> 500);

        CheckResult result = run(load(500, times(100), NONE, 0));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).startsWith("void: the live colour is nothing to compare with, it failed 50 of 50");
    }

    @Test
    void of_latencies_too_small_to_compare_none_fails() {
        OpenLoop.Measurement measured = new OpenLoop.Measurement(
                List.of(seen(Duration.ofMillis(4)), seen(Duration.ofMillis(1))), late(Duration.ZERO, 0), 0);

        CheckResult result = check(load(500, times(1.5), NONE, 0)).judge(measured, Duration.ofSeconds(1));

        assertThat(result.passed()).as(result.detail()).isTrue();
        assertThat(result.detail()).contains("(limit 1.5x of live's 1.0 ms, that is 5.0 ms)");
    }

    @Test
    void a_generator_that_could_not_keep_the_rate_voids_the_measurement() {
        CheckResult result = judge(load(500, atMost(400), NONE, 0), late(Duration.ofMillis(80), 0));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail())
                .startsWith("void: the load generator itself was late (1 % of its requests by 80 ms or more, "
                        + "allowed are 50ms; 0 not made)");
    }

    @Test
    void a_generator_that_stumbled_voids_only_what_it_can_have_decided() {
        Latency stumbled = late(Duration.ofMillis(80), 98);

        assertThat(judge(load(500, atMost(400), NONE, 0), stumbled).passed())
                .as("within the limit all the same")
                .isTrue();
        assertThat(judge(load(500, atMost(1), NONE, 0), stumbled).detail()).startsWith("void: the load generator");
        assertThat(judge(load(500, times(2), NONE, 0), stumbled).detail()).startsWith("void: the load generator");
    }

    /** Measures until the machine was calm enough for it. */
    private CheckResult run(SmokeConfig.Load load) {
        CheckResult result = check(load).run(idle.url(), live.url());
        for (int again = 0; again < 4 && result.detail().startsWith("void: the load generator"); again++) {
            result = check(load).run(idle.url(), live.url());
        }
        return result;
    }

    private CheckResult judge(SmokeConfig.Load load, Latency lateness) {
        OpenLoop.Seen seen = seen(Duration.ofMillis(4));
        return check(load).judge(new OpenLoop.Measurement(List.of(seen, seen), lateness, 0), Duration.ofSeconds(1));
    }

    private static Latency late(Duration late, int inTime) {
        Latency.Recorder recorder = new Latency.Recorder();
        recorder.record(late);
        recorder.record(late);
        for (int i = 0; i < inTime; i++) {
            recorder.record(Duration.ZERO);
        }
        return recorder.snapshot();
    }

    private LoadCheck check(SmokeConfig.Load load) {
        return new LoadCheck(load, HttpClient.newHttpClient(), lines::add);
    }

    private static SmokeConfig.Load load(long ms, Optional<Limit> p95, Optional<Limit> p99, double errors) {
        return new SmokeConfig.Load("/posts", 100, Duration.ofMillis(ms), NONE, p95, p99, errors);
    }

    private static Optional<Limit> atMost(long ms) {
        return Optional.of(new Limit(Optional.of(Duration.ofMillis(ms)), Optional.empty()));
    }

    private static Optional<Limit> times(double factor) {
        return Optional.of(new Limit(Optional.empty(), Optional.of(factor)));
    }

    private static OpenLoop.Seen seen(Duration latency) {
        Latency.Recorder recorder = new Latency.Recorder();
        recorder.record(latency);
        return new OpenLoop.Seen(new Figures(1, 0, recorder.snapshot()), Map.of());
    }

    private static double percentile(String name, CheckResult result) {
        Matcher match = Pattern.compile(name + " ([\\d.]+) ms").matcher(result.detail());
        assertThat(match.find()).as(result.detail()).isTrue();
        return Double.parseDouble(match.group(1));
    }
}
