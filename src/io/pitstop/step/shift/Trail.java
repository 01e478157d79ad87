package io.pitstop.step.shift;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Colour;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.traffic.Split;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far the switch of a release has come by its event log, for the run that goes on with it.
 *
 * @param last the last move of users, or the word about it; empty if there was none
 * @param bake what is held while nobody watches
 * @param possible the splits that the last order can have left; empty if no switch is under way
 */
public record Trail(Release release, Optional<Event> last, Optional<PendingBake> bake, Set<Split> possible) {
    // What happens to users; the runs of switch-traffic and rollback note them all under the same step.
    public static final String BEGUN = "switching";
    static final String ORDERED = "shift ordered";
    public static final String BAKE_LEFT = "bake left";
    static final String BAKED = "baked";
    public static final String GATE_FAILED = "gate failed";
    static final String PUT_BACK = "split put back";
    public static final String ROLLING_BACK = "rolling back";

    /** As far as the event log has it. */
    public static Trail of(ReleaseJournal journal, Release release) {
        Trail trail = new Trail(release, Optional.empty(), Optional.empty(), Set.of());
        for (Event event : journal.events(release)) {
            trail = event.step().equals(Fact.SWITCHED.step()) ? trail.then(event) : trail;
        }
        return trail;
    }

    /**
     * Where others have sent users since this run's last word; empty if they have not, or if nobody can be asked.
     *
     * @param lease that was lost to them
     */
    public static Optional<Split> sentByOthers(ReleaseJournal journal, Lease lease) {
        Optional<Split> sent = Optional.empty();
        try {
            for (Event event : journal.events(lease.release())) {
                if (event.step().equals(Fact.SWITCHED.step())) {
                    Optional<Split> before = sent;
                    sent = lease.actor().hasNoted(event)
                            ? Optional.empty()
                            : sentBy(event, lease.release()).or(() -> before);
                }
            }
        } catch (DependencyFailed unanswered) {
            return Optional.empty();
        }
        return sent;
    }

    private static Optional<Split> sentBy(Event event, Release release) {
        return switch (event.event()) {
            case ORDERED -> Optional.of(Split.giving(
                    release.candidate(), (Integer) event.particulars().get("percent")));
            case PUT_BACK, ROLLING_BACK -> Optional.of(Split.allTo(release.incumbent()));
            default -> Optional.empty();
        };
    }

    private Trail then(Event event) {
        return switch (event.event()) {
            case ORDERED -> new Trail(release, Optional.of(event), Optional.empty(), splits(event.particulars()));
            case BAKE_LEFT -> {
                PendingBake left = PendingBake.read(event, release.candidate());
                yield new Trail(release, Optional.of(event), Optional.of(left), Set.of(left.split()));
            }
            case BAKED, GATE_FAILED -> new Trail(release, Optional.of(event), Optional.empty(), possible);
            case PUT_BACK, ROLLING_BACK -> new Trail(release, Optional.of(event), Optional.empty(), Set.of());
            default -> this;
        };
    }

    /** An order is noted before it is given, so a run that was killed may have left the split before it. */
    private Set<Split> splits(Map<String, Object> order) {
        Colour candidate = release.candidate();
        return Stream.of("from", "percent")
                .filter(order::containsKey)
                .map(key -> Split.giving(candidate, (Integer) order.get(key)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The bake to go on with; empty if the router serves another split than the one that was left. */
    Optional<PendingBake> bakeAt(Split now) {
        return bake.filter(left -> left.split().equals(now));
    }

    /**
     * Returns if a switch is under way and users are where it left them.
     *
     * @throws MoveRefused if users were put back since, or never moved
     * @throws DependencyFailed if another writer moved the split
     */
    void ensureUnderWay(Split now) {
        if (possible.isEmpty()) {
            throw new MoveRefused(
                    last.map(event -> "Users were put back on " + release.incumbent() + " at " + event.at() + " by "
                                    + event.person() + (event.build().isEmpty() ? "" : " in " + event.build())
                                    + ", so there is no switch of " + release.id() + " to go on with.")
                            .orElse("No switch of " + release.id() + " has begun, so there is none to go on with."),
                    "Leave out --resume to begin one.");
        }
        if (!possible.contains(now)) {
            throw new DependencyFailed(
                    "The router serves " + now + ", but the last order of the switch was "
                            + last.orElseThrow().particulars().get("split") + ".",
                    "Look for another writer of the split; leave out --resume to go on from there.");
        }
    }
}
