package io.pitstop.release;

import java.time.Instant;
import java.util.Map;

/**
 * One line of the event log.
 *
 * @param event what happened, in a few words, such as {@code shift ordered}
 * @param detail its particulars as JSON
 */
public record Event(Instant at, String step, String event, String person, String build, String host, String detail) {
    /** {@link #detail} as it was noted: text, numbers, lists and maps. */
    public Map<String, Object> particulars() {
        return EventTable.map(detail);
    }
}
