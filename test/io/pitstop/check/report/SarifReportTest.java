package io.pitstop.check.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.finding.Severity;
import io.pitstop.check.rule.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One error and one warning about a script whose folder has a name with a blank. */
class SarifReportTest {
    private static final Path SCRIPT = Path.of("my db", "V2__größer.sql");
    private static final Findings FINDINGS = new Findings(
            List.of(
                    new Finding(Judge.RULES, "drop-column", Severity.ERROR, SCRIPT, 3, "ALTER TABLE a", "Bad.", "Good"),
                    new Finding(Judge.RULES, "script-name", Severity.WARNING, SCRIPT, 1, "", "Odd.", "Better")),
            List.of(SCRIPT));

    @TempDir
    private Path folder;

    @Test
    void each_finding_is_a_result_at_its_place() throws Exception {
        JsonNode results = run().path("results");

        assertThat(results).hasSize(2);
        JsonNode first = results.path(0);
        assertThat(first.path("ruleId").asText()).isEqualTo("drop-column");
        assertThat(first.path("level").asText()).isEqualTo("error");
        assertThat(first.path("message").path("text").asText()).isEqualTo("Bad.");
        JsonNode place = first.path("locations").path(0).path("physicalLocation");
        assertThat(place.path("artifactLocation").path("uri").asText()).isEqualTo("my%20db/V2__gr%C3%B6%C3%9Fer.sql");
        assertThat(place.path("region").path("startLine").asInt()).isEqualTo(3);
        assertThat(place.path("region").path("snippet").path("text").asText()).isEqualTo("ALTER TABLE a");
        assertThat(results.path(1).path("level").asText()).isEqualTo("warning");
    }

    @Test
    void every_rule_is_described_and_results_point_to_theirs() throws Exception {
        JsonNode run = run();
        JsonNode rules = run.path("tool").path("driver").path("rules");

        assertThat(rules).hasSize(Rules.all().size());
        int index = run.path("results").path(0).path("ruleIndex").asInt();
        assertThat(rules.path(index).path("id").asText()).isEqualTo("drop-column");
        assertThat(rules.path(index).path("defaultConfiguration").path("level").asText())
                .isEqualTo("error");
        assertThat(rules.path(index).path("help").path("text").asText()).contains("db/contract");
    }

    @Test
    void without_findings_there_is_a_run_with_no_results() throws Exception {
        Path file = folder.resolve("deep/check.sarif");
        new SarifReport(Rules.all(), "1.0").write(new Findings(List.of(), List.of()), file);

        JsonNode log = new ObjectMapper().readTree(Files.readString(file));
        assertThat(log.path("version").asText()).isEqualTo("2.1.0");
        assertThat(log.path("runs").path(0).path("results").isArray()).isTrue();
        assertThat(log.path("runs").path(0).path("results")).isEmpty();
    }

    private static JsonNode run() throws Exception {
        return new ObjectMapper()
                .readTree(new SarifReport(Rules.all(), "1.0").text(FINDINGS))
                .path("runs")
                .path(0);
    }
}
