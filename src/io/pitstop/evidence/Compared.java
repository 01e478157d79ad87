package io.pitstop.evidence;

import java.time.Instant;
import java.util.List;

/**
 * What a comparison of old and new values over a whole table found.
 *
 * @param key the column that tells rows apart
 * @param differing rows in which they differ
 * @param examples keys of some of those rows
 */
public record Compared(
        String file,
        String table,
        String key,
        long rows,
        long differing,
        List<Long> examples,
        double seconds,
        Instant finishedAt) {
    public Compared {
        examples = List.copyOf(examples);
    }
}
