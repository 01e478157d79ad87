package io.pitstop.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Adds up what is counted, and lets all other figures go. */
public final class Counts implements Meters {
    private final Map<String, Double> sums = new ConcurrentHashMap<>();

    /** 0 if it was never counted. */
    public double of(Meter meter, String... labels) {
        return sums.getOrDefault(key(meter, labels), 0.0);
    }

    @Override
    public void count(Meter meter, double more, String... labels) {
        sums.merge(key(meter, labels), more, Double::sum);
    }

    @Override
    public void set(Meter meter, double value, String... labels) {}

    @Override
    public void time(Meter meter, Duration took, String... labels) {}

    private static String key(Meter meter, String... labels) {
        return meter + " " + String.join(",", labels);
    }
}
