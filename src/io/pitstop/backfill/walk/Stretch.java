package io.pitstop.backfill.walk;

import java.util.Optional;

/**
 * A part of the table that one worker claims as a whole.
 *
 * @param after where the part before ends; empty for the first
 * @param last included
 * @param rows about how many there are
 */
public record Stretch(Optional<Position> after, Position last, long rows) {}
