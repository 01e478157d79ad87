package io.pitstop.cli.wiring;

import io.pitstop.archive.Departures;
import io.pitstop.backfill.BackfillJob;
import io.pitstop.check.grammar.Grammar;
import io.pitstop.config.PitstopConfig;
import io.pitstop.evidence.Comparisons;
import io.pitstop.evidence.DualWrites;
import io.pitstop.evidence.LiveCatalog;
import io.pitstop.evidence.StatementLog;
import io.pitstop.step.ContractDrops;
import io.pitstop.step.WayBack;
import io.pitstop.step.approval.Sightings;
import io.pitstop.step.inquiry.ComparisonEvidence;
import io.pitstop.step.inquiry.ContractEvidence;
import io.pitstop.step.inquiry.DrainWait;
import io.pitstop.step.inquiry.StatementEvidence;
import io.pitstop.step.shift.SwitchNotes;
import io.pitstop.traffic.Readiness;
import java.util.function.Consumer;

/** Builds what asks the running systems whether the old schema may go. */
final class Evidence {
    private final PitstopConfig config;
    private final Systems systems;
    private final Consumer<String> progress;
    private Grammar grammar;

    Evidence(PitstopConfig config, Systems systems, Consumer<String> progress) {
        this.config = config;
        this.systems = systems;
        this.progress = progress;
    }

    ContractEvidence beforeContract(BackfillJob backfill) {
        return new ContractEvidence(
                systems.journal(),
                systems.router(),
                systems.sessions(),
                backfill,
                config.contract().after(),
                new DrainWait(systems.router(), config.contract().drainWithin(), progress),
                new ComparisonEvidence(
                        new Comparisons(systems.database(), config.migrations().backfill())),
                ofStatements());
    }

    Sightings sightings(BackfillJob backfill) {
        return new Sightings(systems.router(), systems.sessions(), backfill, statements());
    }

    SwitchNotes atSwitch() {
        return new SwitchNotes(statements(), systems.dropping(), drops(), departures(), progress);
    }

    WayBack wayBack(Readiness readiness) {
        return new WayBack(
                systems.journal(), readiness, departures(), new DualWrites(systems.database()), systems.sessions());
    }

    private Departures departures() {
        return new Departures(systems.database(), drops());
    }

    private ContractDrops drops() {
        return new ContractDrops(this::grammar);
    }

    private StatementLog statements() {
        return new StatementLog(systems.database());
    }

    /** The same one for all that a command reads. */
    Grammar grammar() {
        if (grammar == null) {
            grammar = new Grammar();
        }
        return grammar;
    }

    private StatementEvidence ofStatements() {
        return new StatementEvidence(
                systems.journal(),
                statements(),
                departures(),
                new LiveCatalog(systems.database()),
                this::grammar,
                systems.dropping(),
                config.contract().after());
    }
}
