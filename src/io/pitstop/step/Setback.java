package io.pitstop.step;

import io.pitstop.release.Event;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a run of a step came to no good end, as the event log tells it.
 *
 * @param step the command that was run
 * @param problem what happened, in the words that the operator was told
 * @param hint what to do next; one imperative sentence
 */
public record Setback(String step, Instant at, Kind kind, String problem, String hint) {
    static final String OF = "of";
    static final String PROBLEM = "problem";
    static final String HINT = "hint";
    static final String EXIT = "exit";

    /** What the operator has to think of it. */
    public enum Kind {
        FAILED("failed"),
        /** The run had begun, and found that it must not go on. */
        REFUSED("refused"),
        INTERRUPTED("interrupted");

        private final String event;

        Kind(String event) {
            this.event = event;
        }

        /** Its name in the event log. */
        public String event() {
            return event;
        }
    }

    /** Empty if the event tells of something else. */
    public static Optional<Setback> read(Event event) {
        for (Kind kind : Kind.values()) {
            if (kind.event.equals(event.event())) {
                Map<String, Object> told = event.particulars();
                return Optional.of(new Setback(
                        text(told, OF).orElse(event.step()),
                        event.at(),
                        kind,
                        text(told, PROBLEM).orElse("unknown"),
                        text(told, HINT).orElse("")));
            }
        }
        return Optional.empty();
    }

    /** Those after which nobody has gone on with the step yet, oldest first. */
    public static List<Setback> standing(List<Event> events) {
        Map<String, Event> last = new LinkedHashMap<>();
        for (Event event : events) {
            last.remove(event.step());
            last.put(event.step(), event);
        }
        return last.values().stream().flatMap(event -> read(event).stream()).toList();
    }

    private static Optional<String> text(Map<String, Object> told, String key) {
        return Optional.ofNullable(told.get(key)).map(Object::toString);
    }
}
