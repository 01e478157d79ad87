package io.pitstop.gate;

import io.pitstop.config.Quantity;
import io.pitstop.error.Interrupted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Holds a split for its bake time and asks all gates again and again; without gates it only waits. */
public final class Bake {
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);
    private static final int LOOKS_OF_A_SHORT_BAKE = 10;
    private static final Duration REPORT_EVERY = Duration.ofSeconds(10);

    private final List<Gate> gates;
    private final Runnable beforeEachLook;
    private final Consumer<String> lines;
    private final BakeTime clock;

    /**
     * @param beforeEachLook what must still hold while users are on the split; its exceptions end the bake
     * @param lines gets a line of progress every 10 seconds
     */
    public Bake(List<Gate> gates, Runnable beforeEachLook, Consumer<String> lines, BakeTime clock) {
        this.gates = List.copyOf(gates);
        this.beforeEachLook = beforeEachLook;
        this.lines = lines;
        this.clock = clock;
    }

    /**
     * Bakes for the time of the stretch, or until the first gate is unhealthy. A gate that is undecided at the end of the
     * bake is asked once more, and is unhealthy if it still cannot tell: no data is no success. A whole bake of no time
     * asks nobody.
     *
     * @throws Interrupted if the thread is interrupted; the split is as it was
     */
    public BakeResult hold(Stretch stretch) {
        if (stretch.isOfNoTime()) {
            return result(true, List.of());
        }
        begin(stretch.memories());
        Duration time = stretch.time();
        long begun = clock.nanos();
        long nextReport = REPORT_EVERY.toNanos();
        Duration interval = interval(time);
        while (true) {
            List<Verdict> verdicts = lookAfter(least(interval, time.minusNanos(clock.nanos() - begun)));
            long passed = clock.nanos() - begun;
            if (has(Verdict.Answer.UNHEALTHY, verdicts)) {
                return result(false, verdicts);
            }
            if (passed >= time.toNanos()) {
                return stretch.last() ? settle(verdicts, interval) : result(true, verdicts);
            }
            if (passed >= nextReport) {
                nextReport += REPORT_EVERY.toNanos();
                lines.accept(progress(passed, time, verdicts));
            }
        }
    }

    private void begin(List<Map<String, Object>> memories) {
        for (int i = 0; i < gates.size(); i++) {
            // Of other gates than those of today, because pitstop.yml was changed meanwhile, it would mean nothing.
            if (memories.size() == gates.size()) {
                gates.get(i).resume(memories.get(i));
            } else {
                gates.get(i).begin();
            }
        }
    }

    private BakeResult settle(List<Verdict> verdicts, Duration interval) {
        List<Verdict> last = has(Verdict.Answer.UNDECIDED, verdicts) ? lookAfter(interval) : verdicts;
        List<Verdict> settled = last.stream().map(Verdict::atTheEnd).toList();
        return result(!has(Verdict.Answer.UNHEALTHY, settled), settled);
    }

    private BakeResult result(boolean passed, List<Verdict> verdicts) {
        return new BakeResult(passed, verdicts, gates.stream().map(Gate::memory).toList());
    }

    private List<Verdict> lookAfter(Duration pause) {
        try {
            clock.pause(pause);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("a split baked");
        }
        beforeEachLook.run();
        List<Verdict> verdicts = new ArrayList<>();
        for (Gate gate : gates) {
            Verdict verdict = gate.judge();
            verdicts.add(verdict);
            if (verdict.answer() == Verdict.Answer.UNHEALTHY) {
                // Users suffer now: what the other gates would say can wait.
                break;
            }
        }
        return verdicts;
    }

    private static boolean has(Verdict.Answer answer, List<Verdict> verdicts) {
        return verdicts.stream().anyMatch(verdict -> verdict.answer() == answer);
    }

    private static Duration interval(Duration time) {
        Duration tenth = time.dividedBy(LOOKS_OF_A_SHORT_BAKE);
        return tenth.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : least(tenth, LONGEST_INTERVAL);
    }

    private static Duration least(Duration one, Duration other) {
        Duration least = one.compareTo(other) < 0 ? one : other;
        return least.isNegative() ? Duration.ZERO : least;
    }

    private static String progress(long passed, Duration time, List<Verdict> verdicts) {
        return "baked " + Duration.ofNanos(passed).toSeconds() + "s of " + Quantity.text(time)
                + verdicts.stream().map(Verdict::toString).collect(Collectors.joining("; ", ": ", ""));
    }
}
