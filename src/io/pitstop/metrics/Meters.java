package io.pitstop.metrics;

import java.time.Duration;

/**
 * Takes the figures of a running command. Never fails and never waits for a network: what is measured must not depend on
 * whether somebody looks.
 */
public interface Meters {
    /** Where nobody asked for figures. */
    Meters NONE = new Meters() {
        @Override
        public void count(Meter meter, double more, String... labels) {}

        @Override
        public void set(Meter meter, double value, String... labels) {}

        @Override
        public void time(Meter meter, Duration took, String... labels) {}
    };

    /**
     * @param labels the values of the meter's labels, in their order
     * @throws IllegalArgumentException if {@code meter} is no counter, or has other labels
     */
    void count(Meter meter, double more, String... labels);

    /**
     * @param value in the unit of the meter
     * @param labels the values of the meter's labels, in their order
     * @throws IllegalArgumentException if {@code meter} is no gauge and no state, or has other labels
     */
    void set(Meter meter, double value, String... labels);

    /**
     * @param labels the values of the meter's labels, in their order
     * @throws IllegalArgumentException if {@code meter} is no timer, or has other labels
     */
    void time(Meter meter, Duration took, String... labels);
}
