package io.pitstop.backfill.crew;

import java.util.concurrent.atomic.LongAdder;

/** What the workers of this process have done. */
public final class Tally {
    private final LongAdder rows = new LongAdder();
    private final LongAdder batches = new LongAdder();

    public void add(long written) {
        rows.add(written);
        batches.increment();
    }

    public long rows() {
        return rows.sum();
    }

    public long batches() {
        return batches.sum();
    }
}
