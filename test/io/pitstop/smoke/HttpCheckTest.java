package io.pitstop.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.SmokeConfig;
import io.pitstop.environment.FakeColour;
import io.pitstop.error.Interrupted;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The idle colour must answer /health with 200. */
class HttpCheckTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final FakeColour idle = FakeColour.start();

    @AfterEach
    void stop() {
        idle.close();
    }

    @Test
    void an_expected_answer_passes_and_its_values_are_told() {
        CheckResult result = check(Optional.of("up"), Duration.ofSeconds(10), idle.body("{\"status\": \"up\"}"));

        assertThat(result.passed()).isTrue();
        assertThat(result.detail()).matches("status 200 in \\d+ ms \\(expected 200 with 'up' within 10s\\)");
    }

    @Test
    void another_status_fails() {
        CheckResult result = check(Optional.empty(), Duration.ofSeconds(10), idle.status(request -> 503));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).startsWith("status 503").contains("expected 200");
    }

    @Test
    void a_redirect_is_not_followed() {
        CheckResult result =
                check(Optional.empty(), Duration.ofSeconds(10), idle.status(request -> request == 1 ? 302 : 200));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).startsWith("status 302 to /elsewhere");
        assertThat(idle.requests()).isEqualTo(1);
    }

    @Test
    void a_body_without_the_text_fails() {
        CheckResult result = check(Optional.of("up"), Duration.ofSeconds(10), idle.body("{\"status\": \"starting\"}"));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).contains("the text is not in the body");
    }

    @Test
    void only_the_head_of_an_endless_body_is_read() {
        CheckResult result = check(Optional.of("up"), Duration.ofSeconds(30), idle.body("up" + "x".repeat(9_000_000)));

        assertThat(result.passed()).isTrue();
    }

    @Test
    void a_late_answer_fails_when_it_is_late() {
        CheckResult result = check(Optional.empty(), Duration.ofMillis(200), idle.slow(() -> Duration.ofSeconds(20)));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).isEqualTo("no whole answer (expected 200 within 200ms)");
        assertThat(result.took()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void a_colour_that_does_not_listen_fails() {
        URI nobody = idle.url();
        idle.close();

        CheckResult result = check(Optional.empty(), Duration.ofSeconds(10)).run(nobody, nobody);

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).startsWith("no connection");
    }

    @Test
    void an_interrupt_ends_the_wait() {
        idle.slow(() -> Duration.ofSeconds(20));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> check(Optional.empty(), Duration.ofSeconds(10), idle))
                .isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void an_address_with_a_path_of_its_own_keeps_it() {
        assertThat(HttpCheck.address(URI.create("http://10.0.0.1/blog/"), "/health?deep=1"))
                .isEqualTo(URI.create("http://10.0.0.1/blog/health?deep=1"));
    }

    private static CheckResult check(Optional<String> contains, Duration within, FakeColour colour) {
        return check(contains, within).run(colour.url(), colour.url());
    }

    private static HttpCheck check(Optional<String> contains, Duration within) {
        return new HttpCheck(new SmokeConfig.Http("/health", 200, contains, within), CLIENT);
    }
}
