package io.pitstop.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.metrics.Meter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a team puts into its Grafana and Prometheus asks for figures that there are. */
class MonitoringTest {
    private static final Path FOLDER = Path.of("resources/monitoring");
    private static final Pattern NAME = Pattern.compile("\\bpitstop_[a-z_]+\\b");

    @TempDir
    private Path folder;

    @Test
    void every_alert_rings_when_it_should_and_only_then() throws Exception {
        String tests = Files.readString(Path.of("test/io/pitstop/telemetry/alerts-test.yml"));
        Path file = Files.writeString(
                folder.resolve("alerts-test.yml"),
                tests.replace(
                        "\"ALERTS\"",
                        '"' + FOLDER.resolve("alerts.yml").toAbsolutePath().toString() + '"'));

        assertThat(promtool("test", "rules", file.toString())).contains("SUCCESS");
        Set<String> tried = found(Pattern.compile("alertname: (Pitstop\\w+)"), tests);
        assertThat(tried).isEqualTo(found(Pattern.compile("alert: (Pitstop\\w+)"), alerts()));
    }

    @Test
    void alerts_and_dashboard_ask_for_figures_that_there_are() throws IOException {
        Set<String> names = names();

        assertThat(found(NAME, alerts())).isSubsetOf(names);
        for (JsonNode expression : dashboard().findValues("expr")) {
            if (!expression.asText().startsWith("ALERTS")) {
                assertThat(found(NAME, expression.asText())).isNotEmpty().isSubsetOf(names);
            }
        }
    }

    @Test
    void every_figure_is_on_the_dashboard_or_in_an_alert() throws IOException {
        String asked = alerts()
                + dashboard().findValues("expr").stream().map(JsonNode::asText).collect(Collectors.joining("\n"));

        for (Meter meter : Meter.values()) {
            assertThat(asked).contains(meter.prometheusName());
        }
    }

    @Test
    void prometheus_understands_each_expression_of_the_dashboard() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int number = 0;
        for (JsonNode expression : dashboard().findValues("expr")) {
            rules.append("      - { record: \"x")
                    .append(number++)
                    .append("\", expr: '")
                    .append(expression.asText().replace("$application", "blog"))
                    .append("' }\n");
        }
        Path file = Files.writeString(folder.resolve("dashboard.yml"), rules);

        assertThat(promtool("check", "rules", file.toString())).contains("SUCCESS: " + number + " rules found");
    }

    @Test
    void panels_do_not_lie_on_each_other_and_have_a_title_and_a_source() throws IOException {
        Set<String> places = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard().path("panels")) {
            JsonNode at = panel.path("gridPos");
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = at.path("x").asInt();
                    x < at.path("x").asInt() + at.path("w").asInt();
                    x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    assertThat(places.add(x + "," + y))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            }
        }
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Meter meter : Meter.values()) {
            String name = meter.prometheusName();
            if (meter.kind() == Meter.Kind.TIMER) {
                names.add(name + "_count");
                names.add(name + "_sum");
                names.add(name + "_max");
            } else {
                names.add(name);
            }
        }
        return names;
    }

    private static String alerts() throws IOException {
        return Files.readString(FOLDER.resolve("alerts.yml"));
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
    }

    private static Set<String> found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        Set<String> found = new TreeSet<>();
        while (matcher.find()) {
            found.add(matcher.group(matcher.groupCount()));
        }
        return found;
    }

    private static String promtool(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "promtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "promtool, of prometheus, is not installed");
            throw e;
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
