package io.pitstop.backfill;

import static java.util.stream.Collectors.toMap;

import io.pitstop.backfill.brake.Brakes;
import io.pitstop.backfill.brake.Reading;
import io.pitstop.backfill.crew.Crew;
import io.pitstop.backfill.range.Extent;
import io.pitstop.backfill.range.Failures;
import io.pitstop.backfill.range.Ranges;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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
    private final Failures failures;
    private final Connection side;
    private final Brakes brakes;
    private final Say say;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private Mark first;
    private long next;
    private double noted = -1;
    private long notedNanos;

    /** @param side a session that nobody else uses meanwhile */
    Progress(String file, Ranges ranges, Failures failures, Connection side, Brakes brakes, Say say) {
        this.file = file;
        this.ranges = ranges;
        this.failures = failures;
        this.side = side;
        this.brakes = brakes;
        this.say = say;
    }

    /** To people, to programs, and to the event log: each twentieth of a pass, and a note every ten minutes. */
    record Say(Consumer<String> out, BackfillFigures.Listener listener, Consumer<Map<String, Object>> log) {}

    private record Mark(long nanos, Extent extent) {
        double rowsPerSecondSince(Mark before) {
            return (extent.walked() - before.extent.walked()) / Math.max(1e-9, (nanos - before.nanos) / 1e9);
        }
    }

    @Override
    public void run() throws SQLException {
        long now = System.nanoTime();
        if (first == null) {
            begin(new Mark(now, ranges.extent(side)));
            next = now + FIRST.toNanos();
        } else if (now - next >= 0) {
            next = now + EVERY.toNanos();
            Mark mark = new Mark(now, ranges.extent(side));
            if (mark.extent.walked() < marks.getLast().extent.walked()) {
                begin(mark); // another pass
                noted = -1;
            } else if (mark.extent.isPlanned()) {
                tell(mark);
            }
        }
    }

    /** The last figures: nothing is left, nobody is at work, and nothing holds anybody back any more. */
    void verified(Extent last) {
        Map<String, Reading> released =
                brakes.readings().keySet().stream().collect(toMap(name -> name, name -> Reading.GOOD));
        say.listener.take(new BackfillFigures(
                file,
                last.walked(),
                last.walked(),
                0,
                Optional.of(Duration.ZERO),
                0,
                last.batches(),
                0,
                0,
                0,
                brakes.isBeside(),
                Double.POSITIVE_INFINITY,
                released));
        say.listener.ended();
    }

    private void begin(Mark mark) {
        first = mark;
        marks.clear();
        marks.add(mark);
    }

    private void tell(Mark now) throws SQLException {
        BackfillFigures figures = figures(now);
        marks.addLast(now);
        if (marks.size() > RECENT) {
            marks.removeFirst();
        }
        say.listener.take(figures);
        if (!say.listener.isSeen()) {
            say.out.accept(line(figures, now.extent, brakes.words()));
        }
        note(now);
    }

    private void note(Mark now) {
        boolean little = now.extent.share() - noted < NOTE_SHARE;
        if (noted >= 0 && little && now.nanos - notedNanos < NOTE_EVERY.toNanos()) {
            return;
        }
        noted = now.extent.share();
        notedNanos = now.nanos;
        say.log.accept(Map.of(
                "file", file,
                "percent", Math.round(100 * now.extent.share()),
                "walked", now.extent.walked(),
                "estimate", now.extent.estimate(),
                "rows", now.extent.rows(),
                "workers", now.extent.workers(),
                "brakes", brakes.words()));
    }

    private BackfillFigures figures(Mark now) throws SQLException {
        Mark before = marks.getFirst();
        Extent extent = now.extent;
        double rate = now.rowsPerSecondSince(before);
        // What was achieved so far tells of what is to come as well as the last seconds do.
        double expected = (rate + now.rowsPerSecondSince(first)) / 2;
        long toGo = Math.max(0, extent.estimate() - extent.walked());
        Optional<Duration> left =
                expected <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis(Math.round(1_000 * toGo / expected)));
        long batches = extent.batches() - before.extent.batches();
        return new BackfillFigures(
                file,
                extent.walked(),
                extent.estimate(),
                rate,
                left,
                extent.share() < EARLY ? 0 : error(now, rate),
                extent.batches(),
                batches <= 0 ? 0 : 1_000 * (extent.seconds() - before.extent.seconds()) / batches,
                extent.workers(),
                failures.count(side),
                brakes.isBeside(),
                brakes.rowsPerSecond(),
                brakes.readings());
    }

    private static String line(BackfillFigures figures, Extent extent, String braking) {
        String total = figures.total() > 0 ? String.format(Locale.ROOT, " of about %,d", figures.total()) : "";
        return String.format(
                Locale.ROOT,
                "backfill: %s %,d%s rows, %.0f %%, %,d rows/s, %s, %d %s%s%s%s",
                figures.file(),
                figures.walked(),
                total,
                100 * extent.share(),
                Math.round(figures.rowsPerSecond()),
                left(figures),
                figures.workers(),
                figures.workers() == 1 ? "worker" : "workers",
                figures.setAside() == 0 ? "" : ", " + figures.setAside() + " rows set aside",
                figures.beside() ? ", beside others" : "",
                braking.isEmpty() ? "" : "; " + braking);
    }

    private static String left(BackfillFigures figures) {
        if (figures.left().isEmpty()) {
            return "standing still";
        }
        double seconds = figures.left().get().toMillis() / 1e3;
        String about =
                figures.leftError() == 0 ? "" : String.format(Locale.ROOT, " ± %.0f", seconds * figures.leftError());
        return String.format(Locale.ROOT, "%.0f%s s to go", seconds, about);
    }

    /** How much the speed differs from line to line, as a part of it. */
    private double error(Mark now, double rate) {
        double sum = 0;
        int steps = 0;
        Mark before = null;
        for (Mark mark : marks) {
            if (before != null) {
                sum += Math.abs(mark.rowsPerSecondSince(before) - rate);
                steps++;
            }
            before = mark;
        }
        sum += Math.abs(now.rowsPerSecondSince(before) - rate);
        return rate <= 0 ? 0 : sum / (steps + 1) / rate;
    }
}
