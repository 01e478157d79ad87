package io.pitstop.check.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.finding.Severity;
import io.pitstop.check.rule.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;

/** Findings as SARIF 2.1.0, by which code review tools put them beside the lines that they are about. */
public final class SarifReport {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private final ObjectMapper json = new ObjectMapper();
    private final List<Rule> rules;
    private final String version;

    /** @param version of Pitstop */
    public SarifReport(List<Rule> rules, String version) {
        this.rules = rules;
        this.version = version;
    }

    /**
     * Writes the report, whole or not at all.
     *
     * @throws io.pitstop.error.DependencyFailed if the file cannot be written
     */
    public void write(Findings findings, Path file) {
        ReportFile.write(file, text(findings));
    }

    String text(Findings findings) {
        ObjectNode root = json.createObjectNode().put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver =
                run.putObject("tool").putObject("driver").put("name", "Pitstop").put("version", version);
        ArrayNode described = driver.putArray("rules");
        rules.forEach(rule -> describe(rule, described.addObject()));
        run.put("columnKind", "utf16CodeUnits");
        ArrayNode results = run.putArray("results");
        findings.all().forEach(finding -> result(finding, results.addObject()));
        return root.toPrettyString() + "\n";
    }

    private static void describe(Rule rule, ObjectNode described) {
        described.put("id", rule.id());
        described.putObject("shortDescription").put("text", rule.why());
        described
                .putObject("help")
                .put("text", "Write instead:\n" + rule.instead())
                .put("markdown", "Write instead:\n\n```sql\n" + rule.instead() + "\n```");
        described.putObject("defaultConfiguration").put("level", level(rule.severity()));
    }

    private void result(Finding finding, ObjectNode result) {
        result.put("ruleId", finding.rule());
        List<String> ids = rules.stream().map(Rule::id).toList();
        if (ids.contains(finding.rule())) {
            result.put("ruleIndex", ids.indexOf(finding.rule()));
        }
        result.put("level", level(finding.severity()));
        result.putObject("message").put("text", finding.why());
        ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
        place.putObject("artifactLocation").put("uri", uri(finding.file()));
        ObjectNode region = place.putObject("region").put("startLine", finding.line());
        if (!finding.statement().isEmpty()) {
            region.putObject("snippet").put("text", finding.statement());
        }
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
        };
    }

    /** Relative to the repository where the file is in it, else the file's own. */
    private static String uri(Path file) {
        if (file.isAbsolute()) {
            return file.toUri().toString();
        }
        StringJoiner uri = new StringJoiner("/");
        file.forEach(part -> uri.add(Path.of("/" + part).toUri().getRawPath().substring(1)));
        return uri.toString();
    }
}
