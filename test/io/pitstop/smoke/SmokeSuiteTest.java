package io.pitstop.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.SmokeConfig;
import io.pitstop.environment.FakeColour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The idle colour answers everything with 200. */
class SmokeSuiteTest {
    private static final SmokeConfig HEALTH =
            new SmokeConfig.Http("/health", 200, Optional.empty(), Duration.ofSeconds(10));
    private static final SmokeConfig TEAPOT =
            new SmokeConfig.Http("/teapot", 418, Optional.empty(), Duration.ofSeconds(10));
    private static final SmokeConfig COMMAND = new SmokeConfig.Command("echo from the command", Duration.ofSeconds(10));
    private static final SmokeConfig LOAD = new SmokeConfig.Load(
            "/posts", 20, Duration.ofMillis(500), Optional.empty(), Optional.empty(), Optional.empty(), 0);

    @TempDir
    Path folder;

    private final FakeColour idle = FakeColour.start();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        idle.close();
    }

    @Test
    void every_kind_of_check_runs_and_is_reported() {
        SmokeReport report = run(HEALTH, COMMAND, LOAD);

        assertThat(report.passed()).as(lines::toString).isTrue();
        assertThat(report.results())
                .extracting(CheckResult::name)
                .containsExactly("GET /health", "command echo from the command", "load GET /posts at 20/s");
        assertThat(lines)
                .hasSize(7)
                .contains("smoke 2/3 command echo from the command", "  | from the command")
                .anyMatch(line -> line.matches("smoke 1/3 GET /health passed in [\\d.]+ s: status 200 in .*"))
                .anyMatch(line -> line.matches("smoke 3/3 load GET /posts at 20/s passed in [\\d.]+ s: p50 .*"));
    }

    @Test
    void a_failed_check_does_not_keep_the_others_from_running() {
        SmokeReport report = run(TEAPOT, COMMAND);

        assertThat(report.passed()).isFalse();
        assertThat(report.failed()).extracting(CheckResult::name).containsExactly("GET /teapot");
        assertThat(report.results()).hasSize(2);
        assertThat(lines).anyMatch(line -> line.matches("smoke 1/2 GET /teapot FAILED after .*: status 200 .*"));
    }

    @Test
    void a_suite_without_checks_passes_without_results() {
        assertThat(run()).isEqualTo(new SmokeReport(List.of()));
        assertThat(run().passed()).isTrue();
    }

    private SmokeReport run(SmokeConfig... configs) {
        return SmokeSuite.from(List.of(configs), folder, Map.of("PATH", System.getenv("PATH")), lines::add)
                .run(idle.url(), idle.url());
    }
}
