package io.pitstop.backfill;

import java.util.concurrent.atomic.LongAdder;

/** What the workers of this process have done. */
final class Tally {
    private final LongAdder rows = new LongAdder();
    private final LongAdder batches = new LongAdder();

    void add(long written) {
        rows.add(written);
        batches.increment();
    }

    long rows() {
        return rows.sum();
    }

    long batches() {
        return batches.sum();
    }
}
