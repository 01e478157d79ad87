package io.pitstop.migration;

import java.time.Duration;
import java.time.Instant;

/**
 * A migration that Flyway's history tells of.
 *
 * @param phase {@code expand}, {@code finish} or {@code contract}
 * @param script the name of the file
 * @param took by Flyway's clock, in whole milliseconds
 */
public record Past(String phase, String script, Instant at, Duration took) {}
