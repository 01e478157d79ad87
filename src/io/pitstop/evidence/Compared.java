package io.pitstop.evidence;

import java.time.Instant;
import java.util.List;

/**
 * What a comparison of old and new values over a whole table found.
 *
 * @param differing rows in which they differ
 * @param examples keys of some of those rows, as text
 */
public record Compared(
        String file,
        String table,
        long rows,
        long differing,
        List<String> examples,
        double seconds,
        Instant finishedAt) {
    public Compared {
        examples = List.copyOf(examples);
    }
}
