package io.pitstop.telemetry;

import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import java.time.Duration;
import java.util.function.Supplier;

/** Measures calls to a system outside, by whether they threw. */
final class Calls {
    private final Meters meters;
    private final Meter meter;

    /** @param meter with the labels call and outcome */
    Calls(Meters meters, Meter meter) {
        this.meters = meters;
        this.meter = meter;
    }

    <T> T time(String call, Supplier<T> work) {
        long begun = System.nanoTime();
        String outcome = "failed";
        try {
            T result = work.get();
            outcome = "done";
            return result;
        } finally {
            meters.time(meter, Duration.ofNanos(System.nanoTime() - begun), call, outcome);
        }
    }

    void time(String call, Runnable work) {
        time(call, () -> {
            work.run();
            return null;
        });
    }
}
