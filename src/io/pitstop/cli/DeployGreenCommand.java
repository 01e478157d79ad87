package io.pitstop.cli;

import io.pitstop.cli.wiring.Wiring;
import io.pitstop.step.DeployGreen;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "deploy-green", description = "Bring the new version to the idle colour and wait until it is healthy.")
final class DeployGreenCommand extends StepCommand {
    @Option(names = "--version", paramLabel = "VERSION", description = "Refuse if the release brings another version.")
    private String version;

    @Override
    DeployGreen.Result run(Wiring wiring, Optional<String> release) {
        return wiring.deployGreen().run(release, Optional.ofNullable(version));
    }
}
