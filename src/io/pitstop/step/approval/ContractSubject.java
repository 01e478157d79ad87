package io.pitstop.step.approval;

import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.check.finding.Finding;
import io.pitstop.config.Approvable;
import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.config.Quantity;
import io.pitstop.error.MoveRefused;
import io.pitstop.migration.Migrations;
import io.pitstop.migration.Pending;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.inquiry.AcceptedRisk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What contract would do; a contract that was cut short has less of the same left to do. */
public final class ContractSubject {
    private final Duration after;
    private final Idle idle;
    private final Migrations contract;
    private final Function<List<Path>, List<Finding>> findings;

    /**
     * @param after how long the switch must have lasted
     * @param idle what becomes of the old colour's compute
     * @param findings what is to be known about scripts
     */
    public ContractSubject(
            Duration after, Idle idle, Migrations contract, Function<List<Path>, List<Finding>> findings) {
        this.after = after;
        this.idle = idle;
        this.contract = contract;
        this.findings = findings;
    }

    /** @throws MoveRefused if it would apply what was added after the release began */
    void refuseUnplanned(ReleaseJournal journal, Release release) {
        new PlannedContract(journal, contract).refuseOthers(release);
    }

    /** @param acceptedRisk who lets it go on without which evidence, and why; empty if nobody does */
    Subject of(Release release, Optional<AcceptedRisk> acceptedRisk) {
        Subject subject = new Subject(Approvable.CONTRACT)
                .with("step", "contract, removes what only the old version needs: no rollback afterwards")
                .with("release", release.id())
                .with("application", release.application())
                .with("stays", release.version() + " on " + release.candidate())
                .with(
                        "goes",
                        (release.fromVersion().isEmpty() ? "an unknown version" : release.fromVersion()) + " on "
                                + release.incumbent())
                .with("switched", release.since(SWITCHED).map(Instant::toString).orElse("no"))
                .with("bake demanded", Quantity.text(after))
                .with("compute of " + release.incumbent(), fate());
        acceptedRisk.ifPresent(risk -> subject.with("goes on without evidence that is missing, accepted", risk)
                .with("nobody knows", risk.unknown()));
        List<Pending> scripts = contract.pending();
        for (Pending script : scripts) {
            String how = script.inTransaction() ? "" : ", outside a transaction";
            subject.with("applies " + script.script(), "sha256 " + script.checksum() + how);
        }
        findings(subject, scripts.stream().map(Pending::file).toList());
        return subject;
    }

    private String fate() {
        return switch (idle) {
            case KEEP -> "is kept";
            case SCALE_DOWN -> "is scaled down";
            case DESTROY -> "is destroyed";
        };
    }

    private void findings(Subject subject, List<Path> scripts) {
        Map<String, Integer> count = new HashMap<>();
        for (Finding finding : scripts.isEmpty() ? List.<Finding>of() : findings.apply(scripts)) {
            String place = finding.file().getFileName() + ":" + finding.line() + " " + finding.rule();
            int number = count.merge(place, 1, Integer::sum);
            subject.with(finding.severity() + " in " + place + (number > 1 ? " (" + number + ")" : ""), finding.why());
        }
    }
}
