package io.pitstop.backfill;

/**
 * What a file has not filled yet.
 *
 * @param rows as its own {@code remaining} query counts them
 * @param query shows some of them
 */
public record Remaining(String file, long rows, String query) {}
