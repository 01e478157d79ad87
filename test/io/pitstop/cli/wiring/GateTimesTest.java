package io.pitstop.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.PitstopConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a bake, the time that each gate needs before it can tell. */
class GateTimesTest {
    @TempDir
    private Path folder;

    @Test
    void a_metric_is_late_by_its_period_and_its_delay() throws IOException {
        assertThat(tooShort("cloudwatch: { namespace: A, metric: Errors, max: 1 }", 239))
                .containsExactly("the gate cloudwatch metric Errors needs a bake of 4m or more to tell, and has 239s");
        assertThat(tooShort("cloudwatch: { namespace: A, metric: Errors, max: 1 }", 240))
                .isEmpty();
        assertThat(tooShort("cloudwatch: { namespace: A, metric: Errors, max: 1, period: 10s, delay: 0s }", 10))
                .isEmpty();
    }

    @Test
    void an_alarm_is_late_by_its_window() throws IOException {
        assertThat(tooShort("cloudwatch: { alarm: a, window: 10m }", 599)).hasSize(1);
        assertThat(tooShort("cloudwatch: { alarm: a, window: 10m }", 600)).isEmpty();
        assertThat(tooShort("cloudwatch: { alarm: a }", 179)).hasSize(1);
    }

    @Test
    void what_is_asked_at_once_is_never_late_and_a_bake_of_no_time_asks_nobody() throws IOException {
        assertThat(tooShort("http: { path: / }", 1)).isEmpty();
        assertThat(tooShort("cloudwatch: { alarm: a }", 0)).isEmpty();
    }

    private List<String> tooShort(String gate, int seconds) throws IOException {
        Path file = Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: shop
                database: { url: "jdbc:postgresql://127.0.0.1:1/none" }
                environments: { terraform: none, health: { path: / } }
                traffic: { alb: { loadBalancer: shop } }
                gates: [{ %s }]
                """
                        .formatted(gate));
        return GateTimes.tooShort(PitstopConfig.load(file, Map.of()).gates(), Duration.ofSeconds(seconds));
    }
}
