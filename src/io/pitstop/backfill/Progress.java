package io.pitstop.backfill;

import io.pitstop.backfill.crew.Crew;
import io.pitstop.backfill.range.Extent;
import io.pitstop.backfill.range.Ranges;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Says how far all workers together are in a pass: after a second, then every two. */
final class Progress implements Crew.Meanwhile {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration EVERY = Duration.ofSeconds(2);

    /** Lines over which the speed is taken. */
    private static final int RECENT = 10;

    private static final double NOTE_SHARE = 0.05;
    private static final Duration NOTE_EVERY = Duration.ofMinutes(10);

    /** Before this much is done, nobody knows how steady the speed is. */
    private static final double EARLY = 0.1;

    private final String file;
    private final Ranges ranges;
    private final Connection side;
    private final Supplier<String> brakes;
    private final Consumer<Map<String, Object>> log;
    private final Consumer<String> out;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long next;
    private double noted = -1;
    private long notedNanos;

    /**
     * @param side a session that nobody else uses meanwhile
     * @param brakes what holds the workers back, in words; empty if nothing does
     * @param log gets each twentieth of a pass, and a note every ten minutes
     */
    Progress(
            String file,
            Ranges ranges,
            Connection side,
            Supplier<String> brakes,
            Consumer<Map<String, Object>> log,
            Consumer<String> out) {
        this.file = file;
        this.ranges = ranges;
        this.side = side;
        this.brakes = brakes;
        this.log = log;
        this.out = out;
    }

    private record Mark(long nanos, long walked) {}

    @Override
    public void run() throws SQLException {
        long now = System.nanoTime();
        if (marks.isEmpty()) {
            marks.add(new Mark(now, ranges.extent(side).walked()));
            next = now + FIRST.toNanos();
        } else if (now - next >= 0) {
            next = now + EVERY.toNanos();
            Extent extent = ranges.extent(side);
            if (!marks.isEmpty() && extent.walked() < marks.getLast().walked) {
                marks.clear(); // another pass
                marks.add(new Mark(now, extent.walked()));
                noted = -1;
            } else if (extent.isPlanned()) {
                out.accept(line(extent, new Mark(now, extent.walked())));
                note(extent, now);
            }
        }
    }

    private String line(Extent extent, Mark now) {
        double rate = rate(marks.getFirst(), now);
        double error = error(now, rate);
        marks.addLast(now);
        if (marks.size() > RECENT) {
            marks.removeFirst();
        }
        String total = extent.estimate() > 0 ? String.format(Locale.ROOT, " of about %,d", extent.estimate()) : "";
        String braking = brakes.get();
        return String.format(
                Locale.ROOT,
                "backfill: %s %,d%s rows, %.0f %%, %,d rows/s, %s, %d %s%s",
                file,
                extent.walked(),
                total,
                100 * extent.share(),
                Math.round(rate),
                left(extent, rate, error),
                extent.workers(),
                extent.workers() == 1 ? "worker" : "workers",
                braking.isEmpty() ? "" : "; " + braking);
    }

    private void note(Extent extent, long now) {
        boolean little = extent.share() - noted < NOTE_SHARE;
        if (noted >= 0 && little && now - notedNanos < NOTE_EVERY.toNanos()) {
            return;
        }
        noted = extent.share();
        notedNanos = now;
        log.accept(Map.of(
                "file", file,
                "percent", Math.round(100 * extent.share()),
                "walked", extent.walked(),
                "estimate", extent.estimate(),
                "rows", extent.rows(),
                "workers", extent.workers(),
                "brakes", brakes.get()));
    }

    private static String left(Extent extent, double rate, double error) {
        if (rate <= 0) {
            return "standing still";
        }
        double seconds = Math.max(0, extent.estimate() - extent.walked()) / rate;
        String about = extent.share() < EARLY ? "" : String.format(Locale.ROOT, " ± %.0f", seconds * error);
        return String.format(Locale.ROOT, "%.0f%s s to go", seconds, about);
    }

    private static double rate(Mark from, Mark to) {
        return (to.walked - from.walked) / Math.max(1e-9, (to.nanos - from.nanos) / 1e9);
    }

    /** How much the speed differs from line to line, as a part of it. */
    private double error(Mark now, double rate) {
        double sum = 0;
        int steps = 0;
        Mark before = null;
        for (Mark mark : marks) {
            if (before != null) {
                sum += Math.abs(rate(before, mark) - rate);
                steps++;
            }
            before = mark;
        }
        sum += Math.abs(rate(before, now) - rate);
        return rate <= 0 ? 0 : sum / (steps + 1) / rate;
    }
}
