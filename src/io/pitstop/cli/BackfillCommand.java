package io.pitstop.cli;

import io.pitstop.backfill.BackfillFigures;
import io.pitstop.backfill.BackfillSettings;
import io.pitstop.backfill.brake.Brakes;
import io.pitstop.cli.output.LiveBar;
import io.pitstop.cli.output.Screen;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.config.Quantity;
import io.pitstop.error.InvalidConfig;
import io.pitstop.step.BackfillOrders;
import io.pitstop.step.StepResult;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "backfill", description = "Give existing rows their new values, then run the finish migrations.")
final class BackfillCommand extends StepCommand {
    private static final Pattern WORKERS = Pattern.compile("(\\d{1,2})(?:-(\\d{1,2}))?");
    private static final int MOST_WORKERS = 64;

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
            defaultValue = "1-4",
            description = "Sessions of this process that fill at once, 1 to 64; 1-4 for one, and more as long as that"
                    + " makes it faster and nobody else is at work. Default: ${DEFAULT-VALUE}.")
    private String workers;

    @Option(
            names = "--ignore",
            paramLabel = "SIGNAL,…",
            split = ",",
            description =
                    "Signals that do not slow it down: application, latency, commits, statements, lock-waits, replica-lag, slot-lag,"
                            + " archive, checkpoints, snapshot, vacuum, connections, disk.")
    private Set<String> ignored = Set.of();

    @Option(names = "--pause", description = "Order to the backfill that runs, wherever it does: begin no batch.")
    private boolean pause;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "After this time a pause ends by itself. Default: ${DEFAULT-VALUE}.")
    private String pauseFor;

    @Option(names = "--resume", description = "Order: end the pause.")
    private boolean resume;

    @Option(names = "--rate", paramLabel = "ROWS/s", description = "Order: at most so many rows a second, as 5000/s.")
    private String rate;

    @Option(names = "--slower", description = "Order: half as fast.")
    private boolean slower;

    @Option(names = "--faster", description = "Order: twice as fast, or without a limit again.")
    private boolean faster;

    @Override
    StepResult run(Wiring wiring, Optional<String> release) {
        long orders = Stream.of(pause, resume, rate != null, slower, faster)
                .filter(given -> given)
                .count();
        if (orders > 1) {
            throw new InvalidConfig(
                    "--pause, --resume, --rate, --slower and --faster are orders of their own.", "Give one at a time.");
        }
        return orders == 1 ? wiring.backfillOrders().run(release, order()) : fill(wiring, release);
    }

    private StepResult fill(Wiring wiring, Optional<String> release) {
        Optional<Screen> screen = screen();
        try {
            return wiring.backfill(settings(), figures -> screen.<BackfillFigures.Listener>map(
                                    there -> new LiveBar(there, figures))
                            .orElse(figures))
                    .run(release);
        } finally {
            screen.ifPresent(Screen::end);
        }
    }

    private BackfillOrders.Wish order() {
        if (pause) {
            return BackfillOrders.pause(Quantity.duration(pauseFor)
                    .filter(time -> !time.isZero())
                    .orElseThrow(() -> new InvalidConfig("--for is '" + pauseFor + "'.", "Write 10m or 2h.")));
        }
        if (rate != null) {
            return BackfillOrders.limit(Quantity.perSecond(rate)
                    .orElseThrow(() -> new InvalidConfig("--rate is '" + rate + "'.", "Write 5000/s.")));
        }
        return resume ? BackfillOrders.resume() : slower ? BackfillOrders.slower() : BackfillOrders.faster();
    }

    private BackfillSettings settings() {
        if (batchRows < 1 || batchRows > 1_000_000) {
            throw new InvalidConfig("--batch-rows is " + batchRows + ".", "Choose 1 to 1000000, or leave it out.");
        }
        int[] sessions = sessions();
        for (String signal : ignored) {
            if (!Brakes.SIGNALS.contains(signal)) {
                throw new InvalidConfig(
                        "--ignore names " + signal + ", which is no signal.",
                        "Choose from " + String.join(", ", new TreeSet<>(Brakes.SIGNALS)) + ".");
            }
        }
        Duration time = Quantity.duration(batchTime)
                .filter(target -> target.toMillis() >= 1 && target.toSeconds() <= 10)
                .orElseThrow(() -> new InvalidConfig(
                        "--batch-time is '" + batchTime + "'.", "Choose 1ms to 10s; 100ms is a good start."));
        return new BackfillSettings(batchRows, time, sessions[0], sessions[1], ignored);
    }

    /** Least and most of them. */
    private int[] sessions() {
        Matcher written = WORKERS.matcher(workers);
        if (written.matches()) {
            int least = Integer.parseInt(written.group(1));
            int most = written.group(2) == null ? least : Integer.parseInt(written.group(2));
            if (least >= 1 && least <= most && most <= MOST_WORKERS) {
                return new int[] {least, most};
            }
        }
        throw new InvalidConfig("--workers is '" + workers + "'.", "Choose 1 to 64, or from 1 to 64 as 1-4.");
    }
}
