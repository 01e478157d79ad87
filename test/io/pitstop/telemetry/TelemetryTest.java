package io.pitstop.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.pitstop.config.MetricsConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.metrics.Meter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sent, by the bytes that arrive. */
class TelemetryTest {
    private static final String SECRET = "k3y-that-nobody-sees";

    @TempDir
    private Path folder;

    private final List<String> warnings = new CopyOnWriteArrayList<>();

    @Test
    void a_textfile_has_every_kind_of_figure_with_the_labels_of_the_command() throws Exception {
        try (Telemetry telemetry = telemetry(textfile())) {
            telemetry.meters().set(Meter.TRAFFIC_PERCENT, 95, "blue");
            telemetry.meters().set(Meter.STEP_RUNNING, 1);
            telemetry.meters().count(Meter.LOCK_TRIES, 2);
            telemetry.meters().count(Meter.LOCK_TRIES, 1);
            telemetry.meters().time(Meter.ROUTER_CALL, Duration.ofMillis(250), "shift", "done");
        }

        assertThat(figures("pitstop-blog.prom"))
                .containsExactly("pitstop_traffic_percent{application=\"blog\",colour=\"blue\"} 95.0");
        assertThat(figures("pitstop-blog-switch-traffic.prom"))
                .contains(
                        "pitstop_step_running{application=\"blog\",step=\"switch-traffic\"} 1.0",
                        "pitstop_lock_tries_total{application=\"blog\",step=\"switch-traffic\"} 3.0",
                        "pitstop_router_call_seconds_sum"
                                + "{application=\"blog\",step=\"switch-traffic\",call=\"shift\",outcome=\"done\"} 0.25");
        assertThat(Files.list(folder)).noneMatch(file -> file.toString().endsWith(".tmp"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void what_one_command_does_not_know_of_the_application_stays_as_another_has_left_it() throws Exception {
        try (Telemetry telemetry = telemetry(textfile())) {
            telemetry.meters().set(Meter.TRAFFIC_PERCENT, 95, "blue");
        }
        try (Telemetry telemetry = telemetry(textfile())) {
            telemetry.meters().set(Meter.STEP_RUNNING, 0);
        }

        assertThat(figures("pitstop-blog.prom")).hasSize(1);
    }

    @Test
    void opentelemetry_gets_names_labels_and_the_token() throws Exception {
        try (Receiver collector = new Receiver(200)) {
            try (Telemetry telemetry =
                    telemetry(config(Optional.empty(), to(collector.at("/v1/metrics")), Optional.empty()))) {
                telemetry.meters().set(Meter.GATE_HEALTHY, 0.5, "router errors");
            }

            Receiver.Sent sent = collector.all.get(collector.all.size() - 1);
            assertThat(sent.target()).isEqualTo("/v1/metrics");
            assertThat(sent.key()).isEqualTo("Bearer " + SECRET);
            Metric metric = ExportMetricsServiceRequest.parseFrom(sent.body())
                    .getResourceMetrics(0)
                    .getScopeMetrics(0)
                    .getMetrics(0);
            assertThat(metric.getName()).isEqualTo("pitstop.gate.healthy");
            assertThat(metric.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(0.5);
            assertThat(metric.getGauge().getDataPoints(0).getAttributesList().stream()
                            .collect(Collectors.toMap(each -> each.getKey(), each -> each.getValue()
                                    .getStringValue())))
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of("application", "blog", "step", "switch-traffic", "gate", "router errors"));
        }
    }

    @Test
    void datadog_and_new_relic_get_their_own_formats() {
        try (Receiver datadog = new Receiver(202);
                Receiver newRelic = new Receiver(200)) {
            MetricsConfig config = new MetricsConfig(
                    Duration.ofSeconds(10),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    to(datadog.at("/")),
                    to(newRelic.at("")).map(receiver -> new MetricsConfig.NewRelic(receiver, "4711")));
            try (Telemetry telemetry = telemetry(config)) {
                telemetry.meters().set(Meter.BACKFILL_RATE, 12_000, "B1__authors.sql");
            }

            assertThat(datadog.all)
                    .filteredOn(sent -> sent.target().startsWith("/api/v1/series"))
                    .anySatisfy(sent -> assertThat(text(sent))
                            .contains("\"metric\":\"pitstop.backfill.rate\"", "12000", "application:blog"));
            assertThat(newRelic.all).anySatisfy(sent -> {
                assertThat(sent.target()).isEqualTo("/v1/accounts/4711/events");
                assertThat(sent.key()).isEqualTo(SECRET);
                assertThat(text(sent)).contains("pitstopBackfillRate", "12000", "B1__authors.sql");
            });
        }
    }

    @Test
    void who_refuses_figures_is_named_once_and_no_key_is_shown() {
        try (Receiver refusing = new Receiver(403)) {
            MetricsConfig config = new MetricsConfig(
                    Duration.ofMillis(20),
                    to(refusing.at("")),
                    Optional.empty(),
                    to(URI.create("http://127.0.0.1:1/v1/metrics")),
                    to(refusing.at("")),
                    Optional.empty());
            try (Telemetry telemetry = telemetry(config)) {
                telemetry.meters().set(Meter.STEP_RUNNING, 1);
                await(() -> refusing.all.size() > 5);
            }

            assertThat(warnings)
                    .hasSize(3)
                    .anyMatch(line -> line.contains("the Pushgateway at http://127.0.0.1:")
                            && line.contains("does not take figures: it answers 403"))
                    .anyMatch(line -> line.contains("Datadog at http://127.0.0.1:"))
                    .anyMatch(line -> line.contains("the OTLP receiver at http://127.0.0.1:1/v1/metrics"))
                    .noneMatch(line -> line.contains(SECRET));
        }
    }

    @Test
    @Timeout(30)
    void a_receiver_whose_answer_breaks_off_after_its_head_does_not_hold_up_the_end_of_a_step() throws Exception {
        try (ServerSocket pushgateway = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread serves = new Thread(() -> answerWithoutBody(pushgateway), "pushgateway");
            serves.setDaemon(true);
            serves.start();
            URI address = URI.create("http://127.0.0.1:" + pushgateway.getLocalPort());

            telemetry(config(Optional.empty(), Optional.empty(), to(address))).close();
        }

        assertThat(warnings).hasSize(1).allMatch(line -> line.contains("no whole answer within 3s"));
    }

    @Test
    void a_key_that_is_not_set_is_a_wrong_setting() {
        assertThatThrownBy(() -> new Telemetry(
                        config(Optional.empty(), to(URI.create("http://127.0.0.1:1")), Optional.empty()),
                        "blog",
                        "backfill",
                        Map.of(),
                        warnings::add))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("environment variable METRICS_KEY");
    }

    @Test
    void a_key_that_no_header_takes_is_refused_without_being_shown() {
        assertThatThrownBy(() -> new Telemetry(
                        config(Optional.empty(), Optional.empty(), to(URI.create("http://127.0.0.1:1"))),
                        "blog",
                        "backfill",
                        Map.of("METRICS_KEY", SECRET + "\n"),
                        warnings::add))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("METRICS_KEY has characters")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void a_figure_with_other_labels_or_of_another_kind_is_a_mistake() {
        try (Telemetry telemetry = telemetry(textfile())) {
            assertThatThrownBy(() -> telemetry.meters().set(Meter.TRAFFIC_PERCENT, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> telemetry.meters().count(Meter.STEP_RUNNING, 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_look_that_fails_is_left_out_from_then_on() {
        try (Telemetry telemetry = telemetry(textfile())) {
            telemetry.beforeEachSending(() -> {
                throw new IllegalStateException("no answer");
            });
        }

        assertThat(warnings).containsExactly("warning: figures are missing: no answer");
    }

    private static void answerWithoutBody(ServerSocket server) {
        try {
            while (true) {
                Socket client = server.accept(); // stays open for as long as the test runs
                client.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            return; // the test has ended
        }
    }

    private Telemetry telemetry(MetricsConfig config) {
        return new Telemetry(config, "blog", "switch-traffic", Map.of("METRICS_KEY", SECRET), warnings::add);
    }

    private MetricsConfig textfile() {
        return config(Optional.of(folder), Optional.empty(), Optional.empty());
    }

    private static MetricsConfig config(
            Optional<Path> textfile,
            Optional<MetricsConfig.Receiver> otlp,
            Optional<MetricsConfig.Receiver> pushgateway) {
        return new MetricsConfig(
                Duration.ofSeconds(10), pushgateway, textfile, otlp, Optional.empty(), Optional.empty());
    }

    private static Optional<MetricsConfig.Receiver> to(URI url) {
        return Optional.of(new MetricsConfig.Receiver(url, Optional.of("METRICS_KEY")));
    }

    private List<String> figures(String file) throws Exception {
        return Files.readAllLines(folder.resolve(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static String text(Receiver.Sent sent) {
        return new String(sent.body(), StandardCharsets.UTF_8);
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("too late").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
