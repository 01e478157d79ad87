package io.pitstop.cli;

import io.pitstop.step.Contract;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "contract", description = "Remove what only the old version needs; ends the release.")
final class ContractCommand extends StepCommand {
    @Option(names = "--approved-by", paramLabel = "NAME", description = "Who approved; goes into the event log.")
    private String approvedBy;

    @Override
    Contract.Result run(Wiring wiring, Optional<String> release) {
        return wiring.contract().run(release, Optional.ofNullable(approvedBy));
    }
}
