package io.pitstop.backfill.crew;

import io.pitstop.backfill.range.FailedRow;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of a batch.
 *
 * @param committed false if nothing was written
 * @param rows written
 * @param worked how long the statements took
 * @param waited how long the note and the commit took, most of it the disk's time if that was waited for
 * @param failure why nothing was written, although the range is ours; empty if it is not ours any more
 */
public record Outcome(boolean committed, long rows, Duration worked, Duration waited, Optional<FailedRow> failure) {
    static final Outcome LOST = new Outcome(false, 0, Duration.ZERO, Duration.ZERO, Optional.empty());

    static Outcome committed(long rows, Duration worked, Duration waited) {
        return new Outcome(true, rows, worked, waited, Optional.empty());
    }

    static Outcome failed(FailedRow failure) {
        return new Outcome(false, 0, Duration.ZERO, Duration.ZERO, Optional.of(failure));
    }

    boolean isLost() {
        return !committed && failure.isEmpty();
    }
}
