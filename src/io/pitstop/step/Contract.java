package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.CONTRACTED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.archive.DropGuard;
import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.environment.Environments;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.PitstopException;
import io.pitstop.migration.Pending;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.inquiry.ContractEvidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes what only the old version needs, once there is evidence that nobody needs it any more. Ends the release. */
public final class Contract {
    private static final String STEP = CONTRACTED.step();

    private final ReleaseJournal journal;
    private final ContractEvidence evidence;
    private final Environments environments;
    private final Idle idle;
    private final ContractScripts scripts;
    private final Approvals approvals;
    private final ScriptSafety safety;

    /** @param idle what becomes of the old colour's compute before its schema goes */
    public Contract(
            ReleaseJournal journal,
            ContractEvidence evidence,
            Environments environments,
            Idle idle,
            ContractScripts scripts,
            Approvals approvals,
            ScriptSafety safety) {
        this.journal = journal;
        this.evidence = evidence;
        this.environments = environments;
        this.idle = idle;
        this.scripts = scripts;
        this.approvals = approvals;
        this.safety = safety;
    }

    /**
     * @param archived what is kept of what went, one line each
     * @param dropped scripts of the contract migrations that this run applied
     */
    public record Result(
            String release, String message, List<String> evidence, List<String> archived, List<String> dropped)
            implements StepResult {}

    /**
     * @param acceptedRisk why it may go on although evidence is missing; empty if it may not
     * @throws MoveRefused naming the evidence or the approval that is missing, or what is unsafe; nothing is dropped,
     *     unless it names scripts as applied
     */
    public Result run(Optional<String> id, Optional<String> acceptedRisk) {
        Release found = new Releases(journal).find(id);
        if (found.is(CONTRACTED)) {
            return new Result(found.id(), "Already contracted; nothing left to do.", List.of(), List.of(), List.of());
        }
        refuseUnready(found);
        acceptedRisk.ifPresent(reason -> evidence.accept(found, reason));
        List<String> warnings = safety.beforeContract();
        if (!found.is(CONTRACT_BEGUN)) {
            approvals.requireContract(found);
            evidence.awaitDrain(found); // without a lease: users may go back meanwhile
        }
        try (Lease lease = journal.lease(found, STEP);
                Lease traffic = journal.lease(found, SwitchTraffic.STEP)) {
            traffic.ensureHeld();
            Release release = journal.load(found.id());
            refuseUnready(release); // a rollback may have come first
            approvals.requireContract(release);
            lease.note("contracting", Map.of("warnings", warnings));
            return UserFigures.during(evidence::figures, journal::now, lease, () -> archiveAndDrop(lease, release));
        }
    }

    private Result archiveAndDrop(Lease lease, Release release) {
        // After the first drop the evidence cannot be gathered again: what it asks about is gone.
        boolean begun = release.is(CONTRACT_BEGUN);
        List<String> before = begun ? List.of() : foresee(lease, release);
        try (DropGuard archive = scripts.keep(lease)) {
            lease.note("archived", Map.of("kept", archive.kept()));
            List<String> proven = begun ? List.of() : prove(lease, release, before);
            List<String> dropped = drop(lease, archive);
            lease.finish(CONTRACTED, "contracted", Map.of("dropped", dropped));
            String message = "Applied " + dropped.size() + " contract migrations, what they dropped is archived; "
                    + release.id() + " is complete.";
            return new Result(release.id(), message, proven, archive.kept(), dropped);
        }
    }

    static void refuseUnready(Release release) {
        Releases.refuseEnded(release);
        release.require(SWITCHED, BACKFILLED);
    }

    /** Refuses early: the archive takes its time. */
    private List<String> foresee(Lease lease, Release release) {
        List<String> before = new ArrayList<>(evidence.ofTrafficAndData(release));
        evidence.ofLiveSessions(release); // or the old compute would be gone before we refuse
        if (idle == Idle.KEEP) {
            evidence.ofSessions(release, false);
        }
        evidence.ofDrain(release);
        evidence.ofStatements(lease);
        before.addAll(evidence.ofValues(lease));
        return before;
    }

    private List<String> prove(Lease lease, Release release, List<String> before) {
        evidence.ofTraffic(release);
        evidence.ofLiveSessions(release);
        String drained = evidence.ofDrain(release); // again, as archiving may have taken hours
        List<String> unused = evidence.ofStatements(lease);
        takeAway(lease, release.incumbent(), drained);
        List<String> proven = Stream.of(before, unused, List.of(drained), ofSessions(release))
                .flatMap(List::stream)
                .toList();
        lease.record(CONTRACT_BEGUN, Fact.RESTORED, Map.of("evidence", proven));
        return proven;
    }

    private void takeAway(Lease lease, Colour old, String drained) {
        if (idle == Idle.KEEP || !environments.isThere(old)) {
            return;
        }
        boolean destroys = idle == Idle.DESTROY;
        Retirement.note(lease, idle, old, drained);
        lease.ensureHeld();
        if (destroys) {
            environments.destroy(old);
        } else {
            environments.scaleDown(old);
        }
    }

    private List<String> ofSessions(Release release) {
        try {
            return evidence.ofSessions(release, idle != Idle.KEEP);
        } catch (MoveRefused refusal) {
            if (idle == Idle.KEEP) {
                throw refusal;
            }
            throw new DependencyFailed(
                    refusal.getMessage() + " Its compute was " + (idle == Idle.DESTROY ? "removed" : "scaled down")
                            + ", and nothing was dropped.",
                    "Find out who holds these sessions, end them, and run contract again.",
                    refusal);
        }
    }

    private List<String> drop(Lease lease, DropGuard archive) {
        List<Pending> pending = scripts.pending();
        boolean applied = false;
        try {
            List<String> dropped = scripts.run(lease, archive);
            applied = true;
            return dropped;
        } finally {
            if (!applied && !lease.isFenced()) {
                reopenIfUntouched(lease, pending);
            }
        }
    }

    /** Leaves the way back open after a failure that dropped nothing; what failed stays the failure of the step. */
    private void reopenIfUntouched(Lease lease, List<Pending> pending) {
        // Also after an interrupt, which would end the questions.
        boolean interrupted = Thread.interrupted();
        try {
            if (isUntouched(pending)) {
                lease.revoke(CONTRACT_BEGUN, "nothing was dropped");
            }
        } catch (PitstopException unanswered) {
            // Then the fact stays: without an answer, something may have been dropped.
            return;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A script outside a transaction may have dropped something although it is still pending. */
    private boolean isUntouched(List<Pending> pending) {
        return scripts.pending().equals(pending) && pending.stream().limit(1).allMatch(Pending::inTransaction);
    }
}
