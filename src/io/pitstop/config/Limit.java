package io.pitstop.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The most that a latency may be: a time, or a multiple of what the live colour shows beside it.
 *
 * @param absolute set for a limit such as {@code 250ms}
 * @param timesLive set for a limit such as {@code 1.5x}
 */
public record Limit(Optional<Duration> absolute, Optional<Double> timesLive) {
    static Optional<Limit> read(String text) {
        Optional<Duration> absolute = Quantity.duration(text);
        Optional<Double> timesLive = Quantity.times(text);
        return absolute.isEmpty() && timesLive.isEmpty()
                ? Optional.empty()
                : Optional.of(new Limit(absolute, timesLive));
    }

    /** @param live what the live colour shows, milliseconds */
    public double ms(double live) {
        return absolute.map(time -> (double) time.toMillis()).orElseGet(() -> timesLive.orElseThrow() * live);
    }

    @Override
    public String toString() {
        return absolute.map(Quantity::text).orElseGet(() -> timesLive.orElseThrow() + "x");
    }
}
