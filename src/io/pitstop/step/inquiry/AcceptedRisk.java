package io.pitstop.step.inquiry;

import static java.util.stream.Collectors.joining;

import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.Missing;
import io.pitstop.release.Event;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * That somebody lets contract go on although evidence is missing, for a reason: kept in the event log, part of what is
 * approved. It is of no help against evidence that speaks against contract, nor where evidence of another kind is found
 * missing later.
 *
 * @param kinds names of the kinds of evidence that were missing when it was accepted
 */
public record AcceptedRisk(String person, String reason, Set<String> kinds) {
    private static final String ACCEPTED = "risk accepted";

    /** What was accepted last; empty if nobody did. */
    public static Optional<AcceptedRisk> of(ReleaseJournal journal, Release release) {
        return journal.events(release).stream()
                .filter(event -> event.event().equals(ACCEPTED))
                .reduce((earlier, later) -> later)
                .map(AcceptedRisk::from);
    }

    /** Notes it, unless nothing is missing, or what was noted last for the same reason covers it. */
    static void note(ReleaseJournal journal, Lease lease, String reason, List<Missing> missing) {
        Optional<AcceptedRisk> last = of(journal, lease.release());
        if (last.filter(risk -> risk.reason.equals(reason) && missing.stream().allMatch(risk::covers))
                        .isPresent()
                || missing.isEmpty()) {
            return;
        }
        Set<String> kinds =
                missing.stream().map(one -> one.kind().name()).collect(Collectors.toCollection(TreeSet::new));
        lease.note(ACCEPTED, Map.of("reason", reason, "kinds", List.copyOf(kinds)));
    }

    /** @throws InvalidConfig if there is no reason in it */
    static void refuseEmpty(String reason) {
        if (reason.isBlank()) {
            throw new InvalidConfig("--accept-risk has no reason.", "Say why in its value.");
        }
    }

    /**
     * Returns what is missing as lines of evidence, if somebody has accepted that.
     *
     * @throws MoveRefused if nobody did, or if what they accepted is not all that is missing
     */
    static List<String> over(List<Missing> missing, ReleaseJournal journal, Release release) {
        Optional<AcceptedRisk> accepted = of(journal, release);
        List<Missing> open = missing.stream()
                .filter(one -> accepted.filter(risk -> risk.covers(one)).isEmpty())
                .toList();
        if (!open.isEmpty()) {
            throw refused(open, accepted);
        }
        return missing.stream()
                .map(one -> "missing, accepted " + accepted.orElseThrow() + ": " + one.what())
                .toList();
    }

    private static MoveRefused refused(List<Missing> open, Optional<AcceptedRisk> accepted) {
        String what = open.stream().map(Missing::what).collect(joining(" "));
        String later = accepted.map(risk -> "Missing, and not what was accepted " + risk + ": ")
                .orElse("");
        return new MoveRefused(
                later + what,
                open.stream().map(Missing::how).collect(joining(" "))
                        + " Or accept the risk with pitstop contract --accept-risk REASON"
                        + (accepted.isPresent() ? ", which has to be approved again." : "."));
    }

    /** What nobody knew when it was accepted, in words. */
    public String unknown() {
        return kinds.stream().map(AcceptedRisk::words).collect(joining("; "));
    }

    /** In words, by whom and why. */
    @Override
    public String toString() {
        return "by " + person + ": " + reason;
    }

    private boolean covers(Missing one) {
        return kinds.contains(one.kind().name());
    }

    private static AcceptedRisk from(Event event) {
        Object kinds = event.particulars().getOrDefault("kinds", List.of());
        return new AcceptedRisk(
                event.person(),
                String.valueOf(event.particulars().get("reason")),
                ((Collection<?>) kinds).stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Of a kind that another version of the agent knows, its name. */
    private static String words(String kind) {
        for (Missing.Kind known : Missing.Kind.values()) {
            if (known.name().equals(kind)) {
                return known.toString();
            }
        }
        return kind;
    }
}
