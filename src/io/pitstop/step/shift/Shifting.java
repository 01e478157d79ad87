package io.pitstop.step.shift;

import io.pitstop.config.ShiftConfig;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.traffic.Readiness;
import io.pitstop.traffic.ShiftPlan;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One run up the plan; remembers what it ordered, so that it puts back its own orders only. */
public final class Shifting {
    private final TrafficRouter router;
    private final TargetWatch targets;
    private final Watching watching;
    private final Consumer<String> progress;
    private final Lease lease;
    private final Patience patience;
    private final Release release;
    private final Supplier<Optional<Split>> sentByOthers;
    private final Split start;
    private Split home;
    private Split before;
    private Split ordered;

    /** @param sentByOthers where those who took over have sent users, by the event log; empty if they have not yet */
    public Shifting(
            TrafficRouter router,
            Readiness readiness,
            Watching watching,
            Consumer<String> progress,
            Lease lease,
            Supplier<Optional<Split>> sentByOthers) {
        this.router = router;
        this.watching = watching;
        this.progress = progress;
        this.lease = lease;
        this.patience = new Patience(progress);
        this.release = lease.release();
        this.targets = new TargetWatch(readiness, release.candidate());
        this.sentByOthers = sentByOthers;
        this.start = Split.allTo(release.incumbent());
        this.home = start;
        this.ordered = router.split();
        this.before = ordered;
    }

    /** @param left the bake that the next run has to go on with; empty if all users have moved */
    public record Course(List<Baked> shifts, Optional<PendingBake> left) {}

    /**
     * @param resume go on with what the trail tells, and begin nothing
     * @param approval throws if the switch is not approved
     */
    public Course up(ShiftConfig shift, Trail trail, boolean resume, Runnable approval) {
        if (resume) {
            trail.ensureUnderWay(ordered);
        }
        refuseUnapproved(trail, approval);
        boolean arrived = false;
        Optional<PitstopException> failure = Optional.empty();
        try {
            refuseUnhealthy();
            lease.note(Trail.BEGUN, Map.of("from", ordered.toString(), "steps", shift.steps()));
            Course course = course(shift, trail);
            arrived = true;
            return course;
        } catch (PitstopException e) {
            failure = Optional.of(e);
            throw e;
        } finally {
            if (!arrived) {
                leave(failure);
            }
        }
    }

    /** Whoever took over decides where users are; to run again after them would undo it. */
    private void leave(Optional<PitstopException> failure) {
        if (!lease.isFenced()) {
            putBack(failure);
            return;
        }
        failure.filter(e -> e instanceof DependencyFailed || e instanceof CheckFailed)
                .ifPresent(e -> {
                    throw overtaken(release, e);
                });
    }

    /** To be thrown instead of {@code failure} by a run that has lost its lease. */
    public static MoveRefused overtaken(Release release, PitstopException failure) {
        return new MoveRefused(
                "A rollback, or another run after this one had been silent, took over " + Fact.SWITCHED.step() + " of "
                        + release.id() + ": this run has stopped and moves nobody any more.",
                "Run pitstop status to see who did it and who serves users; switch again only if users should move.",
                failure);
    }

    private Course course(ShiftConfig shift, Trail trail) {
        List<Baked> shifts = new ArrayList<>();
        for (Split next : ahead(shift)) {
            move(next);
            Runnable look = () -> {
                refuseOtherWriter(next);
                targets.look().ifPresent(this::giveUp);
            };
            Watching.Held held = watching.hold(next, shift.bake(), trail.bakeAt(next), () -> {
                lease.ensureHeld();
                patience.look(look);
            });
            if (held.left().isPresent()) {
                return new Course(shifts, held.left());
            }
            patience.settle(look);
            shifts.add(held.baked());
        }
        return new Course(shifts, Optional.empty());
    }

    /** Before the first shift an approval is a precondition; later nobody watches the split if it is refused. */
    private void refuseUnapproved(Trail trail, Runnable approval) {
        try {
            approval.run();
        } catch (MoveRefused refusal) {
            if (ordered.equals(start) || !trail.possible().contains(ordered) || lease.isFenced()) {
                throw refusal;
            }
            CheckFailed failure = new CheckFailed(
                    refusal.getMessage() + " It was found out at " + ordered + ". Users go back to "
                            + release.incumbent() + ".",
                    "Have it approved with pitstop approve --step switch-traffic, then switch again.",
                    refusal);
            putBack(Optional.of(failure));
            throw failure;
        }
    }

    /** Before the first shift health is a precondition; later users suffer without it, and go back. */
    private void refuseUnhealthy() {
        Optional<String> objection = targets.objection();
        if (objection.isPresent() && ordered.equals(start)) {
            throw new MoveRefused(objection.get(), "Mend " + release.candidate() + " or deploy it again.");
        }
        objection.ifPresent(this::giveUp);
    }

    private void giveUp(String why) {
        throw new CheckFailed(
                why + " It happened at " + ordered + ". Users go back to " + release.incumbent() + ".",
                "Mend the version, deploy it and switch again.");
    }

    /** The splits to bake: what an earlier run left was not baked to its end, so it comes first. */
    private List<Split> ahead(ShiftConfig shift) {
        Stream<Split> left = ordered.of(release.candidate()) > 0 ? Stream.of(ordered) : Stream.empty();
        List<Split> remaining = ShiftPlan.of(shift).remaining(ordered, release.candidate());
        return Stream.concat(left, remaining.stream()).toList();
    }

    private void move(Split next) {
        if (next.equals(ordered)) {
            return;
        }
        refuseUnhealthy();
        progress.accept("shifting to " + next);
        lease.note(
                Trail.ORDERED,
                Map.of(
                        "split", next.toString(),
                        "percent", next.of(release.candidate()),
                        "from", ordered.of(release.candidate())));
        lease.ensureHeld();
        before = ordered;
        ordered = next;
        router.shift(next);
        yieldToOthers();
    }

    /** Whoever took over between the last look at the lease and the order must win all the same. */
    private void yieldToOthers() {
        try {
            lease.ensureHeld();
        } catch (DependencyFailed e) {
            if (lease.isFenced()) {
                home = sentByOthers.get().orElse(start);
                putBack(Optional.of(e));
            }
            throw e;
        }
    }

    /**
     * Back to where users were. Works also when the agent was interrupted or the journal cannot be reached.
     *
     * @param failure why; stays the failure of the step unless users cannot be put back
     */
    private void putBack(Optional<PitstopException> failure) {
        if (ordered.equals(home)) {
            return;
        }
        // The order must go out even though the thread is asked to stop.
        boolean interrupted = Thread.interrupted();
        try {
            Split now = orderBack(failure);
            if (!now.equals(home)) {
                letAlone(now, failure);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns what is served if it is not for us to change, and else where users were put. */
    private Split orderBack(Optional<PitstopException> failure) {
        try {
            Split now = router.split();
            if (now.equals(home) || !now.equals(ordered) && !now.equals(before)) {
                return now;
            }
            router.shift(home);
        } catch (PitstopException stuck) {
            throw notPutBack(failure, stuck);
        }
        if (home.equals(start)) {
            progress.accept("users are back on " + release.incumbent() + ": " + home + "."
                    + Kept.on(router, release.candidate()));
            noteIfPossible(Trail.PUT_BACK);
        } else {
            progress.accept("users are where who took over had sent them: " + home + ".");
        }
        return home;
    }

    private void noteIfPossible(String event) {
        try {
            lease.note(event, Map.of("split", start.toString()));
        } catch (DependencyFailed unreachable) {
            // Why users went back matters more than that the journal could not be told.
            progress.accept("the journal does not know: " + unreachable.getMessage());
        }
    }

    private OutcomeUnknown notPutBack(Optional<PitstopException> failure, PitstopException stuck) {
        String why =
                failure.map(e -> " The switch had failed: " + e.getMessage()).orElse("");
        return new OutcomeUnknown(
                "Users could not be put back on " + release.incumbent() + " from " + ordered + ": " + stuck.getMessage()
                        + why,
                "Find out who serves users, then run pitstop rollback.",
                failure.map(Throwable.class::cast).orElse(stuck));
    }

    /** What is neither of our last two orders was ordered by somebody else, who is not to be fought. */
    private void letAlone(Split now, Optional<PitstopException> failure) {
        String why =
                failure.map(e -> " The switch had failed: " + e.getMessage()).orElse("");
        Throwable cause = failure.orElse(null);
        if (failure.filter(CheckFailed.class::isInstance).isPresent()) {
            throw new OutcomeUnknown(
                    "Users were not put back on " + release.incumbent() + ": " + served(now) + why,
                    "Find out who moved the split, then run pitstop rollback.",
                    cause);
        }
        if (failure.filter(DependencyFailed.class::isInstance).isPresent()) {
            throw new MoveRefused(
                    served(now) + why,
                    "Find out who moved the split, then run pitstop rollback, or switch again from there.",
                    cause);
        }
        progress.accept(served(now));
    }

    private String served(Split now) {
        return "The router serves " + now + ", but the order was " + ordered + ": somebody else moved the split.";
    }

    private void refuseOtherWriter(Split ordered) {
        Split now = router.split();
        if (!now.equals(ordered)) {
            throw new MoveRefused(
                    served(now),
                    "Find out who moved the split, then run pitstop rollback, or switch again from there.");
        }
    }
}
