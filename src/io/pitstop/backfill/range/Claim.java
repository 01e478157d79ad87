package io.pitstop.backfill.range;

import io.pitstop.backfill.walk.Position;
import java.util.Optional;

/**
 * A range that one worker has for itself.
 *
 * @param token of the lease that it works under
 * @param worker its number in its process
 * @param done the position up to which the range is done; empty at the beginning of the table
 * @param last where the range ends, included
 */
public record Claim(int number, long token, int worker, Optional<Position> done, Position last) {}
