package io.pitstop.step.approval;

import static io.pitstop.release.Fact.CONTRACT_BEGUN;

import io.pitstop.config.Approvable;
import io.pitstop.config.ShiftConfig;
import io.pitstop.environment.Planned;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Approval;
import io.pitstop.release.Decision;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.inquiry.AcceptedRisk;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Holds a step to what people approved: not what they were told once, but what it is about to do now. */
public final class Approvals {
    private final ReleaseJournal journal;
    private final Set<Approvable> demanded;
    private final DeploySubject deploying;
    private final SwitchSubject switching;
    private final ContractSubject contracting;

    /** @param demanded the steps that nobody may run without an approval */
    public Approvals(
            ReleaseJournal journal,
            Set<Approvable> demanded,
            DeploySubject deploying,
            SwitchSubject switching,
            ContractSubject contracting) {
        this.journal = journal;
        this.demanded = Set.copyOf(demanded);
        this.deploying = deploying;
        this.switching = switching;
        this.contracting = contracting;
    }

    /** @param shift how users would move; of no meaning for other steps than the switch */
    public Subject subject(Approvable step, Release release, ShiftConfig shift) {
        return switch (step) {
            case DEPLOY_GREEN -> deploying.of(release);
            case SWITCH_TRAFFIC -> switching.of(release, shift);
            case CONTRACT -> contract(release);
        };
    }

    /** What was decided last about a step; empty if nobody decided anything. */
    public Optional<Approval> last(Approvable step, Release release) {
        return journal.approvals(release).stream()
                .filter(approval -> approval.decision().step().equals(step.step()))
                .findFirst();
    }

    /** True if a deployment has nothing left to do that somebody could approve. */
    public boolean isDeployed(Release release) {
        return deploying.done(release).isPresent();
    }

    /**
     * @param planned what is about to be applied
     * @throws MoveRefused if people were asked to approve a deployment and did not, or approved another plan
     */
    public void requireDeploy(Release release, Planned planned) {
        require(Approvable.DEPLOY_GREEN, release, () -> deploying.of(release, planned));
    }

    /** @throws MoveRefused if people were asked to approve this switch and did not, or approved another one */
    public void requireSwitch(Release release, ShiftConfig shift) {
        require(Approvable.SWITCH_TRAFFIC, release, () -> switching.of(release, shift));
    }

    /**
     * @throws MoveRefused if it would apply what was added after the release began, even if somebody approved that, or if
     *     people were asked to approve this contract and did not, or approved another one
     */
    public void requireContract(Release release) {
        contracting.refuseUnplanned(journal, release);
        require(Approvable.CONTRACT, release, () -> contracting.of(release, AcceptedRisk.of(journal, release)));
    }

    private Subject contract(Release release) {
        contracting.refuseUnplanned(journal, release);
        return contracting.of(release, AcceptedRisk.of(journal, release));
    }

    private void require(Approvable step, Release release, Supplier<Subject> now) {
        Optional<Approval> last = last(step, release);
        if (last.isPresent()) {
            refuseOther(last.get(), now.get(), release);
        } else if (demanded.contains(step)) {
            throw new MoveRefused(
                    "Nobody has approved " + step.step() + " of " + release.id() + ".",
                    "Show it to those who may approve with pitstop approve --step " + step.step() + ".");
        }
    }

    private static void refuseOther(Approval approval, Subject now, Release release) {
        String step = now.step().step();
        String again = "Have it approved again with pitstop approve --step " + step
                + "; until then users stay where they are.";
        if (!approval.decision().approved()) {
            throw new MoveRefused(step + " of " + release.id() + " was " + approval + ".", again);
        }
        if (!covers(approval, now, release)) {
            throw new MoveRefused(
                    step + " of " + release.id() + " was " + approval + ", but is not what was approved any more: "
                            + difference(approval.decision().subject(), now) + ".",
                    again);
        }
    }

    /** True if somebody said yes to all that would be done now. */
    public static boolean covers(Approval approval, Subject now, Release release) {
        Decision said = approval.decision();
        // What was cut short has only the rest of it to do.
        boolean canBeRest = release.is(CONTRACT_BEGUN) || now.step() == Approvable.DEPLOY_GREEN;
        boolean rest = canBeRest && now.isWithin(said.subject());
        return said.approved() && (rest || said.hash().equals(now.hash()));
    }

    /** What is not as it was approved, line by line, for people. */
    public static String difference(List<String> approved, Subject now) {
        List<String> differences = now.differences(approved);
        return differences.isEmpty() ? "it is told in another way" : String.join("; ", differences);
    }
}
