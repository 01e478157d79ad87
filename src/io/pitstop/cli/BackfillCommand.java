package io.pitstop.cli;

import io.pitstop.backfill.BackfillSettings;
import io.pitstop.config.Quantity;
import io.pitstop.error.InvalidConfig;
import io.pitstop.step.Backfill;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "backfill", description = "Give existing rows their new values, then run the finish migrations.")
final class BackfillCommand extends StepCommand {
    @Option(
            names = "--batch-rows",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Most rows of one transaction, 1 to 1000000. Default: ${DEFAULT-VALUE}.")
    private int batchRows;

    @Option(
            names = "--batch-time",
            paramLabel = "TIME",
            defaultValue = "100ms",
            description = "How long a batch should take, 1ms to 10s, unless its file says. Default: ${DEFAULT-VALUE}.")
    private String batchTime;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Most sessions of this process that fill at once, 1 to 64. Default: ${DEFAULT-VALUE}.")
    private int workers;

    @Override
    Backfill.Result run(Wiring wiring, Optional<String> release) {
        return wiring.backfill(settings()).run(release);
    }

    private BackfillSettings settings() {
        if (batchRows < 1 || batchRows > 1_000_000) {
            throw new InvalidConfig("--batch-rows is " + batchRows + ".", "Choose 1 to 1000000, or leave it out.");
        }
        if (workers < 1 || workers > 64) {
            throw new InvalidConfig("--workers is " + workers + ".", "Choose 1 to 64.");
        }
        Duration time = Quantity.duration(batchTime)
                .filter(target -> target.toMillis() >= 1 && target.toSeconds() <= 10)
                .orElseThrow(() -> new InvalidConfig(
                        "--batch-time is '" + batchTime + "'.", "Choose 1ms to 10s; 100ms is a good start."));
        return new BackfillSettings(batchRows, time, workers);
    }
}
