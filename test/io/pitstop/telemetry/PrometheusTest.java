package io.pitstop.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.config.MetricsConfig;
import io.pitstop.metrics.Meter;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Pushgateway, and a real Prometheus that scrapes it every second with our rules for alerts. */
class PrometheusTest {
    private static final Path RULES = Path.of("resources/monitoring/alerts.yml");

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> processes = new ArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private URI pushgateway;
    private URI prometheus;

    @BeforeEach
    void start() throws Exception {
        pushgateway = start("prometheus-pushgateway", "--web.listen-address=");
        Path config = Files.writeString(
                folder.resolve("prometheus.yml"),
                """
                global: { scrape_interval: 1s, evaluation_interval: 1s }
                rule_files: [ "%s" ]
                scrape_configs:
                  - job_name: pushgateway
                    honor_labels: true
                    static_configs: [ { targets: [ "%s" ] } ]
                """
                        .formatted(RULES.toAbsolutePath(), pushgateway.getAuthority()));
        prometheus = start(
                "prometheus",
                "--web.listen-address=",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void what_was_sent_can_be_asked_for() throws Exception {
        try (Telemetry telemetry = telemetry("switch-traffic")) {
            telemetry.meters().set(Meter.TRAFFIC_PERCENT, 95, "blue");
            telemetry.meters().set(Meter.TRAFFIC_PERCENT, 5, "green");
            telemetry.meters().time(Meter.STEP, Duration.ofMillis(1_500), "0");
        }

        assertThat(value("pitstop_traffic_percent{job=\"pitstop\",application=\"blog\",colour=\"green\"}"))
                .isEqualTo("5");
        assertThat(value("pitstop_step_seconds_sum{step=\"switch-traffic\",exit=\"0\"}"))
                .isEqualTo("1.5");
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_figure_that_a_step_no_longer_gives_is_gone_and_those_of_other_steps_stay() throws Exception {
        try (Telemetry telemetry = telemetry("backfill")) {
            telemetry.meters().set(Meter.BACKFILL_RATE, 9_000, "B1__authors.sql");
        }
        try (Telemetry telemetry = telemetry("switch-traffic")) {
            telemetry.meters().set(Meter.TRAFFIC_PERCENT, 95, "blue");
        }
        assertThat(pushed()).contains("B1__authors.sql");

        try (Telemetry telemetry = telemetry("backfill")) {
            telemetry.meters().set(Meter.BACKFILL_RATE, 7_000, "B2__names.sql");
        }

        assertThat(pushed())
                .contains("B2__names.sql", "pitstop_traffic_percent")
                .doesNotContain("B1__authors.sql");
    }

    @Test
    void an_unhealthy_gate_is_an_alert_although_it_ends_the_step() throws Exception {
        try (Telemetry telemetry = telemetry("switch-traffic")) {
            telemetry.meters().set(Meter.STEP_RUNNING, 1);
            telemetry.meters().set(Meter.GATE_HEALTHY, 0, "router errors");
            telemetry.meters().set(Meter.STEP_RUNNING, 0);
        }

        assertThat(value("ALERTS{alertname=\"PitstopGateFailed\",application=\"blog\",gate=\"router errors\"}"))
                .isEqualTo("1");
    }

    private Telemetry telemetry(String step) {
        MetricsConfig config = new MetricsConfig(
                Duration.ofSeconds(1),
                Optional.of(new MetricsConfig.Receiver(pushgateway, Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Telemetry(config, "blog", step, Map.of(), warnings::add);
    }

    private String pushed() throws Exception {
        return get(pushgateway.resolve("/metrics"));
    }

    /** Of the only series that there is, once there is one. */
    private String value(String query) throws Exception {
        URI uri = prometheus.resolve("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (true) {
            JsonNode result = new ObjectMapper().readTree(get(uri)).at("/data/result");
            if (result.size() > 0) {
                assertThat(result).hasSize(1);
                return result.at("/0/value/1").asText();
            }
            assertThat(System.nanoTime()).as(query + " has no value").isLessThan(end);
            Thread.sleep(100);
        }
    }

    private String get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private URI start(String program, String listen, String... options) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(program, listen + "127.0.0.1:" + port));
        command.addAll(List.of(options));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(program + ".log").toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, program + " is not installed");
            throw e;
        }
        processes.add(process);
        URI address = URI.create("http://127.0.0.1:" + port + "/");
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try {
                get(address.resolve("/-/ready"));
                return address.resolve("");
            } catch (IOException notYet) {
                assertThat(System.nanoTime())
                        .as(Files.readString(folder.resolve(program + ".log")))
                        .isLessThan(end);
                Thread.sleep(50);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
