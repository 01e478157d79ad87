package io.pitstop.step;

import io.pitstop.check.Checks;
import io.pitstop.check.Selection;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.script.Phase;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Pending;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Judges the scripts that a release is about to run, before any of them is run. */
public final class ScriptSafety {
    private final Checks checks;
    private final Migrations expand;
    private final Migrations finish;
    private final Migrations contract;
    private final Consumer<String> progress;

    /** @param progress gets the warnings, and how they came about, for people */
    public ScriptSafety(
            Checks checks, Migrations expand, Migrations finish, Migrations contract, Consumer<String> progress) {
        this.checks = checks;
        this.expand = expand;
        this.finish = finish;
        this.contract = contract;
        this.progress = progress;
    }

    /**
     * Judges what is pending of expand and finish, and the backfill.
     *
     * @return the warnings
     * @throws io.pitstop.error.MoveRefused naming the errors
     */
    List<String> beforeExpand() {
        return pass(
                checks.judge(Selection.of(files(expand, finish), Phase.BACKFILL).before(files(contract))));
    }

    /**
     * Judges what is pending of contract.
     *
     * @return the warnings
     * @throws io.pitstop.error.MoveRefused naming the errors
     */
    List<String> beforeContract() {
        return pass(checks.judge(Selection.of(files(contract))));
    }

    private List<String> pass(Findings findings) {
        findings.notes().forEach(note -> progress.accept("check: " + note));
        findings.refuseErrors();
        List<String> warnings =
                findings.warnings().stream().map(Finding::toString).toList();
        warnings.forEach(warning -> progress.accept("check: " + warning));
        return warnings;
    }

    private static List<Path> files(Migrations... migrations) {
        return Stream.of(migrations)
                .flatMap(each -> each.pending().stream())
                .map(Pending::file)
                .toList();
    }
}
