package io.pitstop.cli;

import io.pitstop.cli.wiring.Wiring;
import io.pitstop.step.Contract;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "contract", description = "Remove what only the old version needs; ends the release.")
final class ContractCommand extends StepCommand {
    @Option(
            names = "--accept-risk",
            paramLabel = "REASON",
            description = "Go on although evidence is missing, for this reason; it is recorded with your name. Evidence"
                    + " that speaks against contract still stops it.")
    private String acceptRisk;

    @Override
    Contract.Result run(Wiring wiring, Optional<String> release) {
        Contract.Result result = wiring.contract().run(release, Optional.ofNullable(acceptRisk));
        result.evidence().forEach(shown -> wiring.progress().accept("evidence: " + shown));
        return result;
    }
}
