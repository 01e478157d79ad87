package io.pitstop.cli;

import io.pitstop.error.InvalidConfig;
import io.pitstop.step.Backfill;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "backfill", description = "Give existing rows their new values, then run the finish migrations.")
final class BackfillCommand extends StepCommand {
    @Option(
            names = "--batch-rows",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Rows of one transaction, 1 to 1000000. Default: ${DEFAULT-VALUE}.")
    private int batchRows;

    @Override
    Backfill.Result run(Wiring wiring, Optional<String> release) {
        if (batchRows < 1 || batchRows > 1_000_000) {
            throw new InvalidConfig(
                    "--batch-rows is " + batchRows + ".", "Choose 1 to 1000000; 10000 is a good start.");
        }
        return wiring.backfill(batchRows).run(release);
    }
}
