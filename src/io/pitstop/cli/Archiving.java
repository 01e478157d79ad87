package io.pitstop.cli;

import io.pitstop.archive.Archive;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import io.pitstop.step.ContractDrops;
import io.pitstop.step.ContractScripts;
import java.time.Duration;
import java.util.function.Consumer;

/** The archive of what contract drops, as the steps need it. */
final class Archiving {
    private static final Duration STAND_DOWN_WITHIN = Duration.ofSeconds(5);

    private final DatabaseConfig limits;
    private final Systems systems;
    private final Consumer<String> progress;

    Archiving(DatabaseConfig limits, Systems systems, Consumer<String> progress) {
        this.limits = limits;
        this.systems = systems;
        this.progress = progress;
    }

    ContractScripts contractScripts() {
        return new ContractScripts(systems.dropping(), archive(limits));
    }

    /** Users are back already; what is left to do for them must not take long, nor fail the rollback. */
    void standDown(Lease lease) {
        Duration briefly =
                limits.lockWithin().compareTo(STAND_DOWN_WITHIN) < 0 ? limits.lockWithin() : STAND_DOWN_WITHIN;
        try {
            archive(limits.within(briefly))
                    .standDown(lease)
                    .forEach(what -> progress.accept("the archive of " + what + ", begun by contract, is gone"));
        } catch (DependencyFailed | MoveRefused left) {
            progress.accept("triggers of the archive that contract began are left: " + left.getMessage());
        }
    }

    private Archive archive(DatabaseConfig limits) {
        return new Archive(systems.database(limits), new ContractDrops(Grammar::new), progress);
    }
}
