package io.pitstop.cli;

import io.pitstop.cli.wiring.Wiring;
import io.pitstop.step.SmokeTest;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "smoke-test", description = "Put the smoke checks to the idle colour by its own address.")
final class SmokeTestCommand extends StepCommand {
    @Option(names = "--junit", paramLabel = "FILE", description = "File that receives the checks as JUnit XML.")
    private Path junit;

    @Option(names = "--again", description = "Test even if this deployment passed before.")
    private boolean again;

    @Override
    SmokeTest.Result run(Wiring wiring, Optional<String> release) {
        return wiring.smokeTest(Optional.ofNullable(junit)).run(release, again);
    }
}
