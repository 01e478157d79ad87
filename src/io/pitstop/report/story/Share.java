package io.pitstop.report.story;

import java.time.Instant;

/**
 * An order to the router.
 *
 * @param percent of the users whom the new version gets from then on
 */
public record Share(Instant at, int percent, String event) {}
