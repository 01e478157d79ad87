package io.pitstop.cli;

import io.pitstop.cli.wiring.Wiring;
import io.pitstop.step.Restore;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "restore", description = "Bring back what contract dropped, from the archive.")
final class RestoreCommand extends StepCommand {
    @Override
    Restore.Result run(Wiring wiring, Optional<String> release) {
        return wiring.restore().run(release);
    }
}
