package io.pitstop.step;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.jtf.Action;
import io.pitstop.jtf.Plan;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.shift.Trail;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficPlanGuard;
import io.pitstop.traffic.TrafficRouter;
import io.pitstop.traffic.TrafficState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Applies the Terraform module of what splits the traffic, so that every user stays on the colour that they are on. */
public final class ApplyTraffic {
    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final TrafficState state;
    private final Consumer<String> progress;

    public ApplyTraffic(ReleaseJournal journal, TrafficRouter router, TrafficState state, Consumer<String> progress) {
        this.journal = journal;
        this.router = router;
        this.state = state;
        this.progress = progress;
    }

    /**
     * @param message what happened, one sentence
     * @param changes what the plan changes, one line each
     */
    public record Result(String message, List<String> changes) {}

    /**
     * @param only show the plan and whether it would be refused, without applying it
     * @param accepted addresses of what may be changed although that may cut users off
     * @throws MoveRefused if the plan would move users or leave some without an answer, or if a step moves them just now
     * @throws OutcomeUnknown if the split is another one afterwards, or cannot be read
     */
    public Result run(boolean only, Set<String> accepted) {
        Optional<Split> before = split();
        try (Held moving = before.isPresent() && !only ? hold() : Held.NOTHING) {
            return apply(moving.isLease() ? split() : before, only, accepted, moving);
        }
    }

    /** What keeps every step of the release from moving users; nothing where there is no release, or no database. */
    private Held hold() {
        Optional<Release> release;
        try {
            release = journal.unfinished();
        } catch (DependencyFailed unanswered) {
            progress.accept("the journal does not answer, so nobody is kept from moving users meanwhile ("
                    + unanswered.getMessage() + ")");
            return Held.NOTHING;
        }
        return release.map(open -> new Held(Optional.of(moving(open)))).orElse(Held.NOTHING);
    }

    private Lease moving(Release open) {
        Lease lease = journal.lease(open, SwitchTraffic.STEP);
        if (Trail.of(journal, open).bake().isPresent()) {
            lease.close();
            throw new MoveRefused(
                    "Users of " + open.id()
                            + " are between two versions: a split bakes, and the next run of switch-traffic"
                            + " goes on with it.",
                    "Run apply-traffic once the switch is done, or after a rollback.");
        }
        return lease;
    }

    /** The right to move users, which nobody else has meanwhile. */
    private record Held(Optional<Lease> lease) implements AutoCloseable {
        static final Held NOTHING = new Held(Optional.empty());

        boolean isLease() {
            return lease.isPresent();
        }

        @Override
        public void close() {
            lease.ifPresent(Lease::close);
        }
    }

    private Result apply(Optional<Split> before, boolean only, Set<String> accepted, Held moving) {
        try (Plan plan = state.plan(live(before))) {
            new TrafficPlanGuard(before, accepted).check(plan);
            if (before.isEmpty()) {
                refuseMoreThanCreation(plan);
            }
            if (plan.isEmpty()) {
                return new Result("Nothing to change; " + told(before) + ".", List.of());
            }
            if (only) {
                return new Result("This plan would be applied; " + told(before) + " before and after.", plan.lines());
            }
            // A release may have been opened while the plan was made.
            try (Held begun = moving.isLease() || before.isEmpty() ? Held.NOTHING : hold()) {
                (begun.isLease() ? begun : moving).lease().ifPresent(Lease::ensureHeld);
                refuseMoved(before);
                carryOut(plan, before);
            }
            return new Result("Applied; " + told(Optional.of(confirmed(before, Optional.empty()))) + ".", plan.lines());
        }
    }

    /** Empty if there is no router yet: it gives no split, and nothing was ever applied to the state. */
    private Optional<Split> split() {
        try {
            return Optional.of(router.split());
        } catch (DependencyFailed | InvalidConfig | MoveRefused unanswered) {
            if (!state.isEmpty()) {
                throw unanswered;
            }
            progress.accept(
                    "there is no router yet: it begins with " + Colour.BLUE + " (" + unanswered.getMessage() + ")");
            return Optional.empty();
        }
    }

    /** While users are on both, the colour that more of them are on. */
    private static Colour live(Optional<Split> before) {
        return before.filter(split -> split.of(Colour.GREEN) > split.of(Colour.BLUE))
                        .isPresent()
                ? Colour.GREEN
                : Colour.BLUE;
    }

    private static void refuseMoreThanCreation(Plan plan) {
        List<String> others = plan.changes().stream()
                .filter(change -> change.action() != Action.CREATE && change.action() != Action.READ)
                .map(change -> change.line())
                .toList();
        if (!others.isEmpty()) {
            throw new MoveRefused(
                    "Nobody can say who is live, and the plan does more than make what is not there: "
                            + String.join("; ", others) + ". Nothing was applied.",
                    "Make the router answer first: pitstop doctor says what it sees.");
        }
    }

    /** The plan begins what it makes with the colour that was live, and was found safe for the split as it was. */
    private void refuseMoved(Optional<Split> before) {
        Optional<Split> now = before.isPresent() ? Optional.of(router.split()) : before;
        if (!now.equals(before)) {
            throw new MoveRefused(
                    "The split was " + before.orElseThrow() + " when the plan was made, and is " + now.orElseThrow()
                            + " now. Nothing was applied.",
                    "Run apply-traffic again once users stay where they are.");
        }
    }

    private void carryOut(Plan plan, Optional<Split> before) {
        try {
            state.apply(plan);
        } catch (PitstopException failed) {
            if (before.isPresent()) {
                confirmed(before, Optional.of(failed));
            }
            throw failed;
        }
    }

    /** @throws OutcomeUnknown if users are not where they were, or nobody can say */
    private Split confirmed(Optional<Split> before, Optional<PitstopException> failed) {
        Split expected = before.orElse(Split.allTo(Colour.BLUE));
        String also = failed.map(failure -> " Terraform failed too: " + failure.getMessage())
                .orElse("");
        Split now;
        try {
            now = router.split();
        } catch (PitstopException unanswered) {
            if (before.isEmpty()) {
                throw unanswered; // no user can have been on it
            }
            throw new OutcomeUnknown(
                    "The split was " + expected + ", and cannot be read after Terraform ran: " + unanswered.getMessage()
                            + also,
                    "Look at the router; " + unanswered.hint(),
                    unanswered);
        }
        if (!now.equals(expected)) {
            throw new OutcomeUnknown(
                    "The split was to stay " + expected + ", but is " + now + " after Terraform ran." + also,
                    "Put users back with pitstop rollback, then look for what else writes the split.");
        }
        return now;
    }

    private static String told(Optional<Split> split) {
        return split.map(now -> "the split is " + now).orElse("there is no router yet");
    }
}
