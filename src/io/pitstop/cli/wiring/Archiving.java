package io.pitstop.cli.wiring;

import io.pitstop.archive.Archive;
import io.pitstop.archive.Restoration;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillSettings;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Statistics;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import io.pitstop.step.ContractDrops;
import io.pitstop.step.ContractScripts;
import io.pitstop.step.Restore;
import io.pitstop.telemetry.BackfillMeters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The archive of what contract drops, as the steps need it. */
final class Archiving {
    private static final Duration STAND_DOWN_WITHIN = Duration.ofSeconds(5);

    private final DatabaseConfig limits;
    private final Systems systems;
    private final Supplier<Grammar> grammar;
    private final Consumer<String> progress;

    Archiving(DatabaseConfig limits, Systems systems, Supplier<Grammar> grammar, Consumer<String> progress) {
        this.limits = limits;
        this.systems = systems;
        this.grammar = grammar;
        this.progress = progress;
    }

    ContractScripts contractScripts() {
        return new ContractScripts(systems.dropping(), archive(limits));
    }

    /** @param reverse folder of the files that fill what the archive does not know */
    Restore restore(Path reverse) {
        Restore.Opening opening = (lease, strict) -> Restoration.begin(systems.database(), lease, strict, progress);
        BackfillJob job = new BackfillJob(
                systems.database(), reverse, BackfillSettings.DEFAULT, progress, new BackfillMeters(systems.meters()));
        return new Restore(
                systems.journal(), opening, job, systems.dropping(), new Statistics(systems.database()), progress);
    }

    /** Users are back already; what is left to do for them must not take long, nor fail the rollback. */
    Optional<String> standDown(Lease lease) {
        Duration briefly =
                limits.lockWithin().compareTo(STAND_DOWN_WITHIN) < 0 ? limits.lockWithin() : STAND_DOWN_WITHIN;
        try {
            archive(limits.within(briefly))
                    .standDown(lease)
                    .forEach(what -> progress.accept("the archive of " + what + ", begun by contract, is gone"));
            return Optional.empty();
        } catch (DependencyFailed | MoveRefused left) {
            return Optional.of("Triggers of the archive that contract began are left: " + left.getMessage());
        }
    }

    private Archive archive(DatabaseConfig limits) {
        return new Archive(systems.database(limits), new ContractDrops(grammar), progress);
    }
}
