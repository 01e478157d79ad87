package io.pitstop.backfill.crew;

import io.pitstop.backfill.range.FailedRow;
import java.util.Optional;

/**
 * What became of a batch.
 *
 * @param committed false if nothing was written
 * @param rows written
 * @param failure why nothing was written, although the range is ours; empty if it is not ours any more
 */
public record Outcome(boolean committed, long rows, Optional<FailedRow> failure) {
    static final Outcome LOST = new Outcome(false, 0, Optional.empty());

    static Outcome committed(long rows) {
        return new Outcome(true, rows, Optional.empty());
    }

    static Outcome failed(FailedRow failure) {
        return new Outcome(false, 0, Optional.of(failure));
    }

    boolean isLost() {
        return !committed && failure.isEmpty();
    }
}
