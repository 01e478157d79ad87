package io.pitstop.backfill.brake;

import io.pitstop.backfill.brake.Reading.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What the brakes did, for the event log: when they took hold, and when they let go.
 *
 * <p>Brakes may go on and off every few seconds for hours. So of each signal it is noted at most once a minute that it
 * took hold, and then that it let go; what it did besides comes as a sum, once a minute too.
 */
final class BrakeLog {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final String SUM = "backfill braked";

    private final BiConsumer<String, Map<String, ?>> log;
    private final LongSupplier clock;
    private final Map<String, Sum> sums = new TreeMap<>();
    private final Map<String, Long> toldAt = new HashMap<>();
    private Map<String, Reading> before = Map.of();
    private Hold held = Hold.FREE;
    private Hold told = Hold.FREE;
    private boolean untold;
    private long sumAt;
    private long lookedAt;

    /**
     * @param log gets the name of an event and its particulars
     * @param clock in nanoseconds
     */
    BrakeLog(BiConsumer<String, Map<String, ?>> log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
        this.lookedAt = clock.getAsLong();
        this.sumAt = lookedAt;
    }

    private enum Hold {
        FREE,
        SLOWED,
        STOPPED
    }

    /** How often a signal took hold since the last sum, and for how long. */
    private record Sum(int times, long nanos, String reason) {
        static final Sum NONE = new Sum(0, 0, "");

        Sum with(boolean again, long more, String words) {
            return new Sum(times + (again ? 1 : 0), nanos + more, words);
        }

        Map<String, ?> words(String signal) {
            return Map.of("signal", signal, "times", times, "seconds", Math.round(nanos / 1e8) / 10.0, "last", reason);
        }
    }

    /**
     * Takes in what was read.
     *
     * @param readings by the name of the signal
     * @param reasons of all that speak against more, for people
     * @param free true if nothing limits the pace any more, either
     */
    void look(Map<String, Reading> readings, String reasons, boolean free) {
        long now = clock.getAsLong();
        count(readings, now - lookedAt);
        lookedAt = now;
        before = Map.copyOf(readings);
        held = held(readings, free);
        if (held.compareTo(told) < 0) {
            letGo(now);
        } else if (held != told && isNews(now)) {
            takeHold(reasons, now);
        } else {
            // A pace that signals have let go of already is no news.
            untold |= held != told && !sums.isEmpty();
            sumUp(now);
        }
    }

    /** Notes what was not noted yet. */
    void end() {
        if (untold) {
            writeSums(SUM, Map.of("brakes", sums()), clock.getAsLong());
        }
    }

    private void count(Map<String, Reading> readings, long nanos) {
        readings.forEach((signal, reading) -> {
            if (speaksAgainst(reading)) {
                boolean again = !speaksAgainst(before.getOrDefault(signal, Reading.GOOD));
                Sum sum = sums.getOrDefault(signal, Sum.NONE);
                sums.put(signal, sum.with(again, again ? 0 : nanos, reading.reason()));
            }
        });
    }

    /** A pace that is still held to what signals said of late is slowed, too. */
    private Hold held(Map<String, Reading> readings, boolean free) {
        Level worst = readings.values().stream()
                .map(Reading::level)
                .max(Level::compareTo)
                .orElse(Level.GOOD);
        return switch (worst) {
            case STOP -> Hold.STOPPED;
            case SLOW, EASE -> Hold.SLOWED;
            case GOOD -> free || held == Hold.FREE ? Hold.FREE : Hold.SLOWED;
        };
    }

    private boolean isNews(long now) {
        return before.entrySet().stream()
                .filter(one -> speaksAgainst(one.getValue()))
                .anyMatch(
                        one -> !toldAt.containsKey(one.getKey()) || now - toldAt.get(one.getKey()) >= EVERY.toNanos());
    }

    private void takeHold(String reasons, long now) {
        told = held;
        String event = held == Hold.STOPPED ? "backfill stopped" : "backfill slowed";
        if (untold) {
            writeSums(event, Map.of("reason", reasons, "brakes", sums()), now);
        } else { // what it comes to is told when it lets go
            tell(now);
            log.accept(event, Map.of("reason", reasons));
        }
    }

    private void letGo(long now) {
        boolean stopped = told == Hold.STOPPED;
        // What slows it from now on is yet to be told.
        told = before.values().stream().anyMatch(BrakeLog::speaksAgainst) ? Hold.FREE : held;
        writeSums(stopped ? "backfill goes on" : "backfill at full speed", Map.of("brakes", sums()), now);
    }

    private void sumUp(long now) {
        if (untold && now - sumAt >= EVERY.toNanos()) {
            writeSums(SUM, Map.of("brakes", sums()), now);
        }
    }

    /** All that was counted is told. */
    private void writeSums(String event, Map<String, ?> detail, long now) {
        tell(now);
        sums.clear();
        untold = false;
        log.accept(event, detail);
    }

    private void tell(long now) {
        sums.keySet().forEach(signal -> toldAt.put(signal, now));
        sumAt = now;
    }

    private List<Map<String, ?>> sums() {
        return sums.entrySet().stream()
                .<Map<String, ?>>map(sum -> sum.getValue().words(sum.getKey()))
                .toList();
    }

    private static boolean speaksAgainst(Reading reading) {
        return reading.level() != Level.GOOD;
    }
}
