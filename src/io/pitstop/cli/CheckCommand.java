package io.pitstop.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.check.Checks;
import io.pitstop.check.Selection;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.live.Recording;
import io.pitstop.check.report.JUnitReport;
import io.pitstop.check.report.SarifReport;
import io.pitstop.check.rule.Rules;
import io.pitstop.check.rule.ServerVersion;
import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Version;
import io.pitstop.cli.output.FindingsText;
import io.pitstop.cli.output.Json;
import io.pitstop.cli.wiring.TrialOptions;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges the scripts of a repository; needs no database of the application and changes nothing there. */
@Command(
        name = "check",
        description = "Judge migrations before they run: what in them would block or break the application.")
final class CheckCommand extends ResultCommand {
    private static final int REFUSED = 3;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Scripts to judge; the others count as applied. Default: all, see --since.")
    private List<Path> files = List.of();

    @Option(
            names = "--since",
            paramLabel = "VERSION",
            description = "Judge only scripts with a version after this one: what production has counts as applied."
                    + " Default: none is applied, and each script is a release of its own.")
    private String since;

    @Option(
            names = "--phase",
            paramLabel = "PHASE",
            split = ",",
            description = "expand, backfill, finish or contract. Default: all four.")
    private List<String> phases = List.of();

    @Option(
            names = "--server-version",
            paramLabel = "N",
            description = "PostgreSQL that the scripts run on, such as 16 or 14.2. Default: 13, the oldest"
                    + " that is supported.")
    private String serverVersion;

    @Mixin
    private TrialOptions trial;

    @Option(names = "--sarif", paramLabel = "FILE", description = "File that receives the findings as SARIF 2.1.0.")
    private Path sarif;

    @Option(names = "--junit", paramLabel = "FILE", description = "File that receives the findings as JUnit XML.")
    private Path junit;

    @Override
    ObjectNode run(Path config, Consumer<String> lines) {
        if (trial.record().isPresent()) {
            return record(config, trial.record().get(), lines);
        }
        Findings findings = judge(config);
        write(findings);
        new FindingsText(lines).print(findings);
        ObjectNode outcome = Json.mapper().createObjectNode().put("message", findings.message());
        if (!findings.errors().isEmpty()) {
            outcome.put("exitCode", REFUSED).put("hint", hint());
            lines.accept("Next: " + hint());
        }
        outcome.put("errors", findings.errors().size());
        outcome.put("warnings", findings.warnings().size());
        outcome.set("findings", Json.mapper().valueToTree(findings.all()));
        outcome.set("notes", Json.mapper().valueToTree(findings.notes()));
        return outcome;
    }

    private ObjectNode record(Path config, Path file, Consumer<String> lines) {
        Recording recording = trial.recording(config);
        if (recording.statements().isEmpty()) {
            throw new MoveRefused(
                    String.join(" ", recording.notes()),
                    "Create the extension pg_stat_statements, load it at the server's start, and grant pg_read_all_stats"
                            + " to the role that asks.");
        }
        recording.write(file);
        String message = "Recorded " + recording.statements().size() + " statements in " + file + ".";
        lines.accept(message);
        return Json.mapper().createObjectNode().put("message", message);
    }

    private Findings judge(Path config) {
        MigrationsConfig folders = MigrationsConfig.load(config, System.getenv());
        Optional<ServerVersion> said = Optional.ofNullable(serverVersion).map(CheckCommand::version);
        Optional<ServerVersion> server = said.or(() -> trial.server(config));
        return new Checks(folders, Path.of(""), () -> server.orElse(ServerVersion.OLDEST), trial.judge(config, server))
                .judge(selection());
    }

    private static ServerVersion version(String text) {
        return ServerVersion.of(text)
                .orElseThrow(() -> new InvalidConfig(
                        "--server-version is '" + text + "'.", "Write a version such as 16 or 14.2."));
    }

    private Selection selection() {
        if (since != null && !files.isEmpty()) {
            throw new InvalidConfig("--since and files are given.", "Give one of them: both say what is applied.");
        }
        Selection selection = Selection.everything();
        if (since != null) {
            selection = Selection.since(Version.of(since)
                    .orElseThrow(() -> new InvalidConfig(
                            "--since is '" + since + "'.", "Write the version of a script, such as 57 or 57.2.")));
        } else if (!files.isEmpty()) {
            selection = Selection.of(files);
        }
        return phases.isEmpty()
                ? selection
                : selection.in(phases.stream()
                        .map(CheckCommand::phase)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Phase.class))));
    }

    private static Phase phase(String name) {
        return Stream.of(Phase.values())
                .filter(phase -> phase.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new InvalidConfig("--phase is '" + name + "'.", "Write expand, backfill, finish or contract."));
    }

    private void write(Findings findings) {
        if (sarif != null) {
            new SarifReport(Rules.described(), io.pitstop.cli.output.Version.ofThisJar()).write(findings, sarif);
        }
        if (junit != null) {
            JUnitReport.write(findings, junit);
        }
    }

    private String hint() {
        String applied = since == null && files.isEmpty()
                ? "; scripts that production has already are left out by --since VERSION"
                : "";
        return "Mend the scripts, or allow what is meant by a comment above the statement, -- pitstop:allow RULE because"
                + " REASON" + applied + ".";
    }
}
