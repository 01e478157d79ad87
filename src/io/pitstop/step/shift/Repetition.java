package io.pitstop.step.shift;

import io.pitstop.config.Approvable;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Approval;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.traffic.Split;
import java.util.Optional;

/**
 * Whether a build that has moved users before may do so once more. It may have been told to try again after a failure, and
 * does not know that somebody sent users back meanwhile. Outside of a build a person begins each run, who may.
 */
public final class Repetition {
    private static final String HINT = "Start another build if users should move after all.";

    private final ReleaseJournal journal;
    private final Lease lease;

    public Repetition(ReleaseJournal journal, Lease lease) {
        this.journal = journal;
        this.lease = lease;
    }

    /**
     * @param trail how far the switch has come
     * @param now what the router serves
     * @throws MoveRefused if users were put back since this build began to move them, by anybody but itself
     */
    public void refuseIfUndone(Trail trail, Split now) {
        if (lease.actor().build().isEmpty()) {
            return;
        }
        undoing().ifPresent(event -> {
            throw new MoveRefused(
                    "This build has begun to switch " + lease.release().id() + " before, and " + event.person()
                            + (event.build().isEmpty() ? "" : " in " + event.build()) + " put users back at "
                            + event.at() + ".",
                    HINT);
        });
        // A switch that came to its end is not tried again: whoever runs it once more means it.
        Optional<Event> last = trail.last()
                .filter(event -> event.build().equals(lease.actor().build()))
                .filter(event -> !trail.release().is(Fact.SWITCHED));
        if (last.isPresent() && !trail.possible().isEmpty() && !trail.possible().contains(now)) {
            throw new MoveRefused(
                    "The router serves " + now + ", but the last order of this build was "
                            + last.get().particulars().get("split") + ": users were moved without the journal.",
                    HINT);
        }
    }

    /** The rollback by somebody else that came after this build's switch, unless a person approved the next one. */
    private Optional<Event> undoing() {
        boolean begun = false;
        Optional<Event> undoing = Optional.empty();
        for (Event event : journal.events(lease.release())) {
            boolean ours = event.build().equals(lease.actor().build());
            if (event.step().equals(Fact.SWITCHED.step()) && event.event().equals(Trail.ROLLING_BACK)) {
                undoing = Optional.of(event).filter(rollback -> !ours);
                begun = begun && !ours;
            } else if (ours && event.event().equals(Trail.BEGUN)) {
                begun = true;
            }
        }
        return begun ? undoing.filter(this::isNotApproved) : Optional.empty();
    }

    private boolean isNotApproved(Event rollback) {
        return journal.approvals(lease.release()).stream()
                .filter(approval -> approval.decision().approved())
                .filter(approval -> approval.decision().step().equals(Approvable.SWITCH_TRAFFIC.step()))
                .map(Approval::at)
                .noneMatch(at -> at.isAfter(rollback.at()));
    }
}
