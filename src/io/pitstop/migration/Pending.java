package io.pitstop.migration;

import java.nio.file.Path;

/**
 * A migration that was not applied yet.
 *
 * @param version Flyway's version; empty for a repeatable migration
 * @param description what Flyway reads from the name of the file
 * @param inTransaction true if it is applied as a whole or not at all
 */
public record Pending(String version, String description, Path file, boolean inTransaction) {
    /** The name of the file, such as {@code V2__authors.sql}. */
    public String script() {
        return file.getFileName().toString();
    }
}
