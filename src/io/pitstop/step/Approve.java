package io.pitstop.step;

import static io.pitstop.release.Fact.CONTRACTED;

import io.pitstop.config.Approvable;
import io.pitstop.config.ShiftConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Approval;
import io.pitstop.release.Decision;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.approval.Sightings;
import io.pitstop.step.approval.Subject;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Shows people what a step would do, and remembers what they say to it; the step holds itself to that. */
public final class Approve {
    private static final String STEP = "approve";
    private static final String ASKED = "approval asked";
    private static final String TOO_LATE = "declined too late";

    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final Approvals approvals;
    private final Sightings sightings;
    private final Duration contractAfter;
    private final BiConsumer<Release, String> accept;

    /**
     * @param contractAfter how long a switch must have lasted before contract
     * @param accept notes that contract may go on without what evidence is missing now, for a reason
     */
    public Approve(
            ReleaseJournal journal,
            TrafficRouter router,
            Approvals approvals,
            Sightings sightings,
            Duration contractAfter,
            BiConsumer<Release, String> accept) {
        this.journal = journal;
        this.router = router;
        this.approvals = approvals;
        this.sightings = sightings;
        this.contractAfter = contractAfter;
        this.accept = accept;
    }

    /**
     * @param shift how users would move; of no meaning for other steps than the switch
     * @param acceptedRisk why contract may go on without what evidence is missing when it is shown; empty if it may not
     */
    public record Question(Approvable step, ShiftConfig shift, Optional<String> acceptedRisk) {}

    /**
     * What somebody says to it: yes to what was shown under a hash, or no for a reason.
     *
     * @param hash of what was shown; a no without it is to whatever the step would do
     * @param reason empty for yes
     */
    public record Answer(String person, Optional<String> hash, String reason) {
        boolean yes() {
            return reason.isEmpty();
        }
    }

    /**
     * @param step the command that it is about
     * @param open true if somebody has yet to say yes to this subject
     * @param hash of the subject; empty if the step is done
     * @param subject what the step would do; empty if it is done
     * @param evidence what the systems show at this moment; for whoever is to decide
     * @param afterwards what may be run once the step is done, and what not; likewise
     * @param question all this as one text to put before people; empty if nobody has to be asked
     * @param decision what was said last about the step, in words; empty if nothing
     */
    public record Result(
            String release,
            String message,
            String step,
            boolean open,
            String hash,
            List<String> subject,
            List<String> evidence,
            List<String> afterwards,
            String question,
            String decision)
            implements StepResult {
        private Result saying(String other) {
            return new Result(release, other, step, open, hash, subject, evidence, afterwards, question, decision);
        }
    }

    /**
     * Shows the subject, or records the answer.
     *
     * @throws MoveRefused if the step would be refused for another reason than the missing approval, or if what was
     *     shown is not what the step would do any more
     */
    public Result run(Optional<String> id, Question question, Optional<Answer> answer) {
        Release found = new Releases(journal).find(id);
        Approvable step = question.step();
        if (isDone(found, step)) {
            String message = step.step() + " of " + found.id() + " is done; nothing to approve.";
            return new Result(found.id(), message, step.step(), false, "", List.of(), List.of(), List.of(), "", "");
        }
        refuseUnready(found, step);
        if (answer.isEmpty()) {
            question.acceptedRisk().ifPresent(reason -> accept.accept(found, reason));
        }
        Subject subject = approvals.subject(step, found, question.shift());
        try (Lease lease = journal.lease(found, STEP)) {
            if (answer.filter(said -> isTooLate(lease, subject, said)).isPresent()) {
                return tooLate(lease, subject, answer.get());
            }
            answer.ifPresentOrElse(said -> record(lease, subject, said), () -> noteAsked(lease, subject));
        }
        // What the systems show may take its time, in which nobody else need wait.
        return result(found, subject, answer.isEmpty());
    }

    private boolean isDone(Release release, Approvable step) {
        return switch (step) {
            case DEPLOY_GREEN -> approvals.isDeployed(release);
            case SWITCH_TRAFFIC -> SwitchTraffic.isDone(release, router);
            case CONTRACT -> release.is(CONTRACTED);
        };
    }

    private void refuseUnready(Release release, Approvable step) {
        switch (step) {
            case DEPLOY_GREEN -> DeployGreen.refuseUnready(release, router.split());
            case SWITCH_TRAFFIC -> SwitchTraffic.refuseUnready(release);
            case CONTRACT -> Contract.refuseUnready(release);
        }
    }

    /** So that it can be said what has changed when the answer comes. */
    private static void noteAsked(Lease lease, Subject subject) {
        if (asked(lease, subject.hash()).findAny().isEmpty()) {
            lease.note(ASKED, Map.of("of", subject.step().step(), "hash", subject.hash(), "subject", subject.lines()));
        }
    }

    private void record(Lease lease, Subject subject, Answer answer) {
        answer.hash().filter(hash -> !hash.equals(subject.hash())).ifPresent(hash -> {
            throw changed(lease, subject, hash);
        });
        Decision decision = new Decision(
                subject.step().step(), answer.yes(), subject.hash(), subject.lines(), answer.reason(), answer.person());
        Optional<Approval> last = approvals.last(subject.step(), lease.release());
        if (last.filter(before -> isSame(before.decision(), decision)).isEmpty()) {
            lease.record(decision);
        }
    }

    /** A no to what the step would not do any more, or to what somebody else got approved since it was asked about. */
    private boolean isTooLate(Lease lease, Subject subject, Answer answer) {
        if (answer.yes() || answer.hash().isEmpty()) {
            return false;
        }
        return !answer.hash().get().equals(subject.hash())
                || approvals
                        .last(subject.step(), lease.release())
                        .filter(last -> last.decision().approved()
                                && last.decision().hash().equals(subject.hash())
                                && !last.build().equals(lease.actor().build()))
                        .isPresent();
    }

    private Result tooLate(Lease lease, Subject subject, Answer answer) {
        String step = subject.step().step();
        String hash = answer.hash().orElseThrow();
        lease.note(TOO_LATE, Map.of("of", step, "hash", hash, "why", answer.reason(), "by", answer.person()));
        Result now = result(lease.release(), subject, false);
        String why = hash.equals(subject.hash()) ? "another build got it approved" : "the step would do something else";
        String message = step + " of " + now.release() + ": the no of " + answer.person() + " came too late, because "
                + why + " meanwhile; it is noted, and changes nothing.";
        return now.saying(message);
    }

    /** A second yes to the same adds nothing, whoever says it. */
    private static boolean isSame(Decision before, Decision now) {
        return before.equals(now)
                || before.approved() && now.approved() && before.hash().equals(now.hash());
    }

    private static MoveRefused changed(Lease lease, Subject subject, String hash) {
        String what = subject.step().step() + " of " + lease.release().id();
        String difference = asked(lease, hash)
                .map(lines -> Approvals.difference(lines, subject))
                .findFirst()
                .orElse("its hash is " + subject.hash() + ", and nobody was ever shown " + hash);
        return new MoveRefused(
                what + " is not what was shown any more: " + difference + ".",
                "Look at it again with pitstop approve --step " + subject.step().step() + ".");
    }

    /** The lines that were shown under a hash. */
    private static Stream<List<String>> asked(Lease lease, String hash) {
        return lease.notes(ASKED).stream()
                .filter(note -> hash.equals(note.get("hash")))
                .map(note -> ((List<?>) note.get("subject"))
                        .stream().map(Object::toString).toList());
    }

    private Result result(Release release, Subject subject, boolean asked) {
        Optional<Approval> last = approvals.last(subject.step(), release);
        boolean open = last.filter(approval -> Approvals.covers(approval, subject, release))
                .isEmpty();
        String decision = last.map(Approval::toString).orElse("");
        String said =
                open && asked ? "waits for an approval of what has the hash " + subject.hash() : "was " + decision;
        Outlook outlook = new Outlook(contractAfter, journal.now());
        List<String> evidence = asked ? evidence(release, subject.step(), outlook) : List.of();
        List<String> afterwards = asked ? outlook.after(subject.step(), release) : List.of();
        return new Result(
                release.id(),
                subject.step().step() + " of " + release.id() + " " + said + ".",
                subject.step().step(),
                open,
                subject.hash(),
                subject.lines(),
                evidence,
                afterwards,
                asked && open ? Notice.of(subject, release.id(), evidence, afterwards) : "",
                decision);
    }

    private List<String> evidence(Release release, Approvable step, Outlook outlook) {
        return Stream.concat(outlook.now(step, release), sightings.of(release).stream())
                .toList();
    }
}
