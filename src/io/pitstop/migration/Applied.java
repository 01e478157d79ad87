package io.pitstop.migration;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A migration that this run applied.
 *
 * @param version Flyway's version; empty for a repeatable migration
 * @param took from the first try to the end of the last, the pauses included
 * @param tries how often it asked for its locks
 * @param longestTry the longest that it stood in the queue of a lock or held one; nobody waited longer for us. Zero for
 *     a migration outside a transaction, whose locks let readers and writers pass
 */
public record Applied(String version, String description, Path file, Duration took, int tries, Duration longestTry) {
    /** The name of the file, such as {@code V2__authors.sql}. */
    public String script() {
        return file.getFileName().toString();
    }
}
