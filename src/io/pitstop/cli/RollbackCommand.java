package io.pitstop.cli;

import io.pitstop.cli.wiring.Wiring;
import io.pitstop.error.InvalidConfig;
import io.pitstop.release.Colour;
import io.pitstop.step.Rollback;
import io.pitstop.step.StepResult;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "rollback", description = "Put all users back on the old colour: one order to the router.")
final class RollbackCommand extends StepCommand {
    @Option(names = "--abandon", description = "Also end the release, so that the next can be opened.")
    private boolean abandon;

    @Option(
            names = "--check",
            description = "Only say whether users can go back, what that would lose, and what to do if they cannot.")
    private boolean check;

    @Option(
            names = "--without-journal",
            description = "Move traffic to the colour of --to without asking the journal: for when the database is down"
                    + " or no release is open.")
    private boolean withoutJournal;

    @Option(names = "--to", paramLabel = "COLOUR", description = "blue or green; only with --without-journal.")
    private String to;

    @Override
    StepResult run(Wiring wiring, Optional<String> release) {
        if (withoutJournal != (to != null)) {
            throw new InvalidConfig(
                    "--without-journal and --to belong together.",
                    "Give both when the database is down or no release is open, and neither otherwise.");
        }
        if (check && (abandon || withoutJournal)) {
            throw new InvalidConfig("--check goes with no other option but --release.", "Leave the others out.");
        }
        if (check) {
            return wiring.wayBack().run(release);
        }
        return withoutJournal
                ? Rollback.withoutJournal(wiring.router(), wiring.readiness(), colour())
                : wiring.rollback().run(release, abandon);
    }

    private Colour colour() {
        return Stream.of(Colour.values())
                .filter(colour -> colour.toString().equals(to))
                .findFirst()
                .orElseThrow(() -> new InvalidConfig("--to is '" + to + "'.", "Write blue or green."));
    }
}
