package io.pitstop.gate;

import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Latency;
import io.pitstop.metrics.Series;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen since some moment, also across a restart of the router, which makes it count from 0 again.
 *
 * @param last the router's last figures, as it gave them
 */
record Window(Figures seen, Series last) {
    static Window from(Series baseline) {
        return new Window(Figures.none(), baseline);
    }

    /** Reads what {@link #memory()} wrote; empty if it is anything else. */
    static Optional<Window> of(Map<String, Object> memory) {
        try {
            Series last = new Series(String.valueOf(memory.get("series")), figures(memory, "last"));
            return Optional.of(new Window(figures(memory, "seen"), last));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** This window as plain data. */
    Map<String, Object> memory() {
        return Map.of(
                "seenRequests", seen.requests(),
                "seenFailures", seen.failures(),
                "seenLatency", seen.latency().encoded(),
                "series", last.id(),
                "lastRequests", last.total().requests(),
                "lastFailures", last.total().failures(),
                "lastLatency", last.total().latency().encoded());
    }

    Window upTo(Series next) {
        Figures more = more(next);
        return new Window(
                new Figures(
                        seen.requests() + more.requests(),
                        seen.failures() + more.failures(),
                        seen.latency().plus(more.latency())),
                next);
    }

    private Figures more(Series next) {
        if (!next.id().equals(last.id())) {
            return next.total();
        }
        try {
            Figures more = next.total().since(last.total());
            return more.requests() < 0 || more.failures() < 0 ? next.total() : more;
        } catch (IllegalArgumentException restarted) {
            // There are fewer of some latency than before.
            return next.total();
        }
    }

    private static Figures figures(Map<String, Object> memory, String prefix) {
        return new Figures(
                number(memory.get(prefix + "Requests")),
                number(memory.get(prefix + "Failures")),
                Latency.decoded(String.valueOf(memory.get(prefix + "Latency"))));
    }

    private static long number(Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("not a number: " + value);
    }
}
