package io.pitstop.step.shift;

import io.pitstop.release.Colour;
import io.pitstop.release.Event;
import io.pitstop.traffic.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A split that is held while nobody watches, as the run that left it noted it for the one that goes on.
 *
 * @param since when its bake began
 * @param until when its bake is over
 * @param wakeAt when somebody should look again
 * @param memories what the gates remember, in their order
 */
public record PendingBake(
        Split split, Instant since, Instant until, Instant wakeAt, List<Map<String, Object>> memories) {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /**
     * When somebody should look again: after as long as a run may stay. The longer all went well the rarer, but at least
     * every 15 minutes, and when the bake is over.
     */
    public static Instant wakeAt(Instant since, Instant until, Instant now, Duration stay) {
        Duration half = Duration.between(since, now).dividedBy(2);
        Duration rare = half.compareTo(LONGEST_PAUSE) < 0 ? half : LONGEST_PAUSE;
        Instant next = now.plus(rare.compareTo(stay) < 0 ? stay : rare);
        return next.isBefore(until) ? next : until;
    }

    /** Whole seconds from {@code now} on until somebody should look again; 0 if that is due. */
    public long wakeInSeconds(Instant now) {
        return wakeAt.isAfter(now)
                ? Duration.between(now, wakeAt).plusMillis(999).toSeconds()
                : 0;
    }

    /** As the event log keeps it, for {@link #read}. */
    public Map<String, Object> noted(Colour candidate, List<String> verdicts) {
        return Map.of(
                "percent", split.of(candidate),
                "split", split.toString(),
                "since", since.toString(),
                "until", until.toString(),
                "wakeAt", wakeAt.toString(),
                "verdicts", verdicts,
                "gates", memories);
    }

    @SuppressWarnings("unchecked") // as noted() wrote it
    static PendingBake read(Event event, Colour candidate) {
        Map<String, Object> noted = event.particulars();
        return new PendingBake(
                Split.giving(candidate, (Integer) noted.get("percent")),
                Instant.parse((String) noted.get("since")),
                Instant.parse((String) noted.get("until")),
                Instant.parse((String) noted.get("wakeAt")),
                (List<Map<String, Object>>) noted.get("gates"));
    }
}
