package io.pitstop.gate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Since when a gate observes and what it has seen of that; by the time of day, so that a later process can go on. */
final class Vigil {
    /** What watches others is restarted too. */
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(30);

    private final InstantSource clock;
    private Instant begun;
    private Instant seen;
    private Instant heard;

    Vigil(InstantSource clock) {
        this.clock = clock;
        begin();
    }

    void begin() {
        begun = clock.instant();
        seen = begun;
        heard = begun;
    }

    /** Goes on as {@link #memory()} tells; begins anew if it cannot be read. */
    void resume(Map<String, Object> memory) {
        begin();
        if (memory.get("begun") instanceof Number since && memory.get("seen") instanceof Number last) {
            // Not in the future, though the other process may have had another clock.
            begun = earlier(begun, Instant.ofEpochMilli(since.longValue()));
            seen = earlier(seen, Instant.ofEpochMilli(last.longValue()));
        }
    }

    Map<String, Object> memory() {
        return Map.of("begun", begun.toEpochMilli(), "seen", seen.toEpochMilli());
    }

    Instant begun() {
        return begun;
    }

    Instant now() {
        return clock.instant();
    }

    /** How long the bake lasts already. */
    Duration age() {
        return since(begun);
    }

    /** How long nothing good was seen: since the last good value, or the begin of the bake. */
    Duration unseen() {
        return since(seen);
    }

    void sawGood() {
        seen = clock.instant();
    }

    void heard() {
        heard = clock.instant();
    }

    /**
     * What a missing answer means: nobody knows how users fare, which must not last.
     *
     * @param patience how long it may be missing, but never less than 30 seconds
     */
    Verdict.Answer withoutAnswer(NoAnswer failure, Duration patience) {
        Duration limit = patience.compareTo(SHORTEST_PATIENCE) < 0 ? SHORTEST_PATIENCE : patience;
        return failure.isLasting() || since(heard).compareTo(limit) > 0
                ? Verdict.Answer.UNHEALTHY
                : Verdict.Answer.UNDECIDED;
    }

    private Duration since(Instant moment) {
        Duration time = Duration.between(moment, clock.instant());
        return time.isNegative() ? Duration.ZERO : time;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
