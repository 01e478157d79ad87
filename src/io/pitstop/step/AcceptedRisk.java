package io.pitstop.step;

import static java.util.stream.Collectors.joining;

import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.Missing;
import io.pitstop.release.Event;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * That somebody lets contract go on although evidence is missing, for a reason: kept in the event log, part of what is
 * approved. It is of no help against evidence that speaks against contract.
 */
final class AcceptedRisk {
    private static final String ACCEPTED = "risk accepted";

    private AcceptedRisk() {}

    /** Who accepted it and why, in words; empty if nobody did. */
    static Optional<String> of(ReleaseJournal journal, Release release) {
        return last(journal, release).map(event -> "by " + event.person() + ": " + reason(event));
    }

    /** Notes it, unless the same was noted last. */
    static void note(ReleaseJournal journal, Lease lease, String reason) {
        if (last(journal, lease.release()).map(AcceptedRisk::reason).equals(Optional.of(reason))) {
            return;
        }
        lease.note(ACCEPTED, Map.of("reason", reason));
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
     * @throws MoveRefused if nobody did
     */
    static List<String> over(List<Missing> missing, ReleaseJournal journal, Release release) {
        if (missing.isEmpty()) {
            return List.of();
        }
        String accepted = of(journal, release)
                .orElseThrow(() -> new MoveRefused(
                        missing.stream().map(Missing::what).collect(joining(" ")),
                        missing.stream().map(Missing::how).collect(joining(" "))
                                + " Or accept the risk with pitstop contract --accept-risk REASON."));
        return missing.stream()
                .map(one -> "missing, accepted " + accepted + ": " + one.what())
                .toList();
    }

    private static Optional<Event> last(ReleaseJournal journal, Release release) {
        return journal.events(release).stream()
                .filter(event -> event.event().equals(ACCEPTED))
                .reduce((earlier, later) -> later);
    }

    private static String reason(Event event) {
        return String.valueOf(event.particulars().get("reason"));
    }
}
