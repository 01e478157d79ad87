package io.pitstop.cli;

import io.pitstop.cli.wiring.Wiring;
import io.pitstop.step.MigrateExpand;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "migrate-expand",
        description = "Open a release and add to the schema what both versions can live with.")
final class MigrateExpandCommand extends StepCommand {
    @Option(names = "--version", paramLabel = "VERSION", description = "Version to release; needed to open a release.")
    private String version;

    @Override
    MigrateExpand.Result run(Wiring wiring, Optional<String> release) {
        return wiring.migrateExpand().run(release, Optional.ofNullable(version));
    }
}
