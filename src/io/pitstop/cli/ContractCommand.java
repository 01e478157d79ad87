package io.pitstop.cli;

import io.pitstop.step.Contract;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "contract", description = "Remove what only the old version needs; ends the release.")
final class ContractCommand extends StepCommand {
    @Override
    Contract.Result run(Wiring wiring, Optional<String> release) {
        return wiring.contract().run(release);
    }
}
