package io.pitstop.step;

import static io.pitstop.release.Fact.CONTRACTED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.ROLLED_BACK;
import static io.pitstop.release.Fact.SWITCHED;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.shift.Kept;
import io.pitstop.step.shift.PendingBake;
import io.pitstop.step.shift.Trail;
import io.pitstop.traffic.Readiness;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts all users back on the old colour: one order to the router, from any state before contract.
 *
 * <p>Nothing that either version wrote is lost, because the database kept both representations in step, as long as its
 * triggers were there and on; {@link Result} says what is.
 */
public final class Rollback {
    private final ReleaseJournal journal;
    private final TrafficRouter router;
    private final Readiness readiness;
    private final WayBack wayBack;
    private final StandDown standDown;

    /** Takes down what a contract that was stopped before it began has put on the tables. */
    public interface StandDown {
        /** Returns what is left of it, and why, in a sentence; empty if nothing is. */
        Optional<String> run(Lease noContract);
    }

    /**
     * @param wayBack says whether users can go back
     */
    public Rollback(
            ReleaseJournal journal, TrafficRouter router, Readiness readiness, WayBack wayBack, StandDown standDown) {
        this.journal = journal;
        this.router = router;
        this.readiness = readiness;
        this.wayBack = wayBack;
        this.standDown = standDown;
    }

    /**
     * @param losses what users miss now, a sentence each
     * @param abandoned true if the release has ended, so that the next can be opened
     */
    public record Result(String release, String message, Colour live, List<String> losses, boolean abandoned)
            implements StepResult {}

    /**
     * @param abandon also end the release
     * @throws MoveRefused if contract has begun, the old colour is not healthy, or its schema is not there
     * @throws DependencyFailed if the journal cannot be asked; its hint is the order that needs none
     */
    public Result run(Optional<String> id, boolean abandon) {
        Release found = find(id);
        try {
            return back(found, abandon);
        } catch (DependencyFailed e) {
            throw WithoutJournal.isMeant(e) ? WithoutJournal.to(found.incumbent(), e) : e;
        }
    }

    private Release find(Optional<String> id) {
        try {
            return new Releases(journal).find(id);
        } catch (DependencyFailed e) {
            throw WithoutJournal.asServed(router, e);
        }
    }

    private Result back(Release found, boolean abandon) {
        Colour old = found.incumbent();
        refuseContracted(found);
        if (found.finishedAt().isPresent()) {
            return new Result(
                    found.id(), found.id() + " was abandoned before; nothing left to do.", old, List.of(), true);
        }
        boolean back = !found.is(SWITCHED) && router.split().isAllTo(old);
        Optional<PendingBake> bake = Trail.of(journal, found).bake();
        if (back && found.is(ROLLED_BACK) && !abandon && !isSwitching(found) && bake.isEmpty()) {
            return new Result(
                    found.id(),
                    "Already rolled back: " + old + " is live." + Kept.on(router, old.other()),
                    old,
                    List.of(),
                    false);
        }
        // Contract must not start now, and whoever is moving the split must stop.
        try (Lease noContract = journal.lease(found, CONTRACTED.step());
                Lease lease = journal.seize(found, SwitchTraffic.STEP)) {
            noContract.ensureHeld();
            Release release = journal.load(found.id());
            refuseContracted(release);
            List<String> losses = putBack(lease, release);
            lease.record(ROLLED_BACK, SWITCHED, Map.of("abandoned", abandon));
            confirm(release);
            String remains = standDown(noContract, old, abandon);
            if (abandon) {
                lease.finish(ROLLED_BACK, "abandoned", Map.of());
            }
            String with = release.fromVersion().isEmpty() ? "" : " with " + release.fromVersion();
            String baked = bake.map(left -> " The bake at " + left.split() + " has ended.")
                    .orElse("");
            String lost = losses.isEmpty() ? "" : " At a loss: " + String.join(" ", losses);
            String message = old + " is live" + with + (abandon ? "; the release has ended." : ".") + baked + lost
                    + Kept.on(router, release.candidate()) + scarcity(readiness, old) + remains;
            return new Result(release.id(), message, old, losses, abandon);
        }
    }

    /**
     * Moves traffic without asking the journal, for the moment when the database is down.
     *
     * @throws MoveRefused if {@code colour} is not healthy
     */
    public static Result withoutJournal(TrafficRouter router, Readiness readiness, Colour colour) {
        refuseUnhealthy(readiness, colour);
        router.shift(Split.allTo(colour));
        return new Result(
                "",
                colour
                        + " is live. The journal does not know: if a release is open, run pitstop rollback once the database is back."
                        + Kept.on(router, colour.other()) + scarcity(readiness, colour),
                colour,
                List.of(),
                false);
    }

    /** A switch that has not shifted yet would do so after we had said that users are back. */
    private boolean isSwitching(Release release) {
        return journal.holders(release).stream()
                .anyMatch(holder -> holder.step().equals(SwitchTraffic.STEP));
    }

    /** Returns what is lost by it. */
    private List<String> putBack(Lease lease, Release release) {
        Split back = Split.allTo(release.incumbent());
        List<String> losses =
                router.split().equals(back) ? List.of() : wayBack.of(release).losses();
        lease.note(Trail.ROLLING_BACK, Map.of("from", router.split().toString(), "losses", losses));
        lease.ensureHeld();
        router.shift(back);
        return losses;
    }

    /** A switch that was frozen between its look at the lease and its order may have come in after ours. */
    private void confirm(Release release) {
        Split back = Split.allTo(release.incumbent());
        if (!router.split().equals(back)) {
            router.shift(back);
        }
    }

    /** A release that has ended is not looked at again: nothing of it may be left then. */
    private String standDown(Lease noContract, Colour old, boolean abandon) {
        Optional<String> left = standDown.run(noContract);
        if (left.isPresent() && abandon) {
            throw new DependencyFailed(
                    old + " is live, but the release has not ended: " + left.get(),
                    "Run pitstop rollback --abandon again once nobody has these tables locked.");
        }
        return left.map(what -> " " + what).orElse("");
    }

    static void refuseContracted(Release release) {
        if (release.is(CONTRACTED)) {
            throw new MoveRefused(
                    "Release " + release.id() + " is contracted: " + release.fromVersion() + " has no schema any more.",
                    "Bring its schema back with pitstop restore, and the old behaviour with a release of its own.");
        }
        if (release.is(CONTRACT_BEGUN)) {
            throw new MoveRefused(
                    "Contract of " + release.id() + " has begun, so " + release.fromVersion()
                            + " may have lost its schema.",
                    "Run pitstop contract again to finish it, or pitstop restore to take it back.");
        }
    }

    /** Users are better off on few healthy targets than on a broken version, but somebody has to know. */
    static String scarcity(Readiness readiness, Colour colour) {
        try {
            return readiness.scarcity(colour).map(few -> " Warning: " + few).orElse("");
        } catch (DependencyFailed unanswered) {
            return ""; // users have moved, which matters more
        }
    }

    private static void refuseUnhealthy(Readiness readiness, Colour colour) {
        readiness.death(colour).ifPresent(inability -> {
            throw new MoveRefused(inability, "Bring " + colour + " back up, then roll back again.");
        });
    }
}
