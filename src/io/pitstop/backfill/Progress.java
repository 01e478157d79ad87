package io.pitstop.backfill;

import io.pitstop.backfill.Keys.Extent;
import io.pitstop.backfill.Keys.Range;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Says how far a pass has come: after a second, then every two. */
final class Progress {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final BackfillFile file;
    private final Extent extent;
    private final Consumer<String> out;
    private final long start = System.nanoTime();
    private final double startShare;
    private long done;
    private long next = start + FIRST.toNanos();

    /** @param last where the pass goes on; empty if it begins */
    Progress(BackfillFile file, Extent extent, OptionalLong last, Consumer<String> out) {
        this.file = file;
        this.extent = extent;
        this.out = out;
        this.startShare = last.isPresent() ? share(last.getAsLong()) : 0;
        this.done = Math.round(startShare * Math.max(0, extent.rows()));
    }

    void filled(Range range) {
        done += range.rows();
        long now = System.nanoTime();
        if (now >= next) {
            next = now + EVERY.toNanos();
            out.accept(line(range.to(), Duration.ofNanos(now - start)));
        }
    }

    /** The share is that of the keys, which is that of the rows where the gaps between keys are even. */
    private String line(long key, Duration took) {
        double share = share(key);
        double seconds = took.toNanos() / 1e9;
        long rate = Math.round((done - startShare * Math.max(0, extent.rows())) / seconds);
        String total = extent.rows() > 0
                ? String.format(Locale.ROOT, " of about %,d (estimated)", Math.max(extent.rows(), done))
                : "";
        long left = Math.round(seconds * (1 - share) / Math.max(share - startShare, 1e-9));
        return String.format(
                Locale.ROOT,
                "backfill: %s %,d%s rows, %.0f %% of the keys, %,d rows/s, %d s to go",
                file.name(),
                done,
                total,
                100 * share,
                rate,
                left);
    }

    private double share(long key) {
        double width = (double) extent.last() - extent.first();
        return width <= 0 ? 1 : Math.min(1, Math.max(0, ((double) key - extent.first()) / width));
    }
}
