package io.pitstop.report.story;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What a migration cost those who use its tables.
 *
 * @param at when it was through
 * @param tries how often it asked for its locks; empty if nobody noted it
 * @param longestTryMs the longest that it stood in the queue of a lock or held one, in milliseconds; likewise
 */
public record Locked(
        Instant at, String phase, String script, OptionalLong tookMs, OptionalLong tries, OptionalLong longestTryMs) {}
