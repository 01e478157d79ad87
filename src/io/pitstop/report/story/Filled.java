package io.pitstop.report.story;

import java.time.Instant;

/**
 * How far a backfill file was.
 *
 * @param percent of its rows that were walked in this pass
 */
public record Filled(Instant at, String file, int percent, String words) {}
