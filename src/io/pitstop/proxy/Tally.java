package io.pitstop.proxy;

import io.pitstop.metrics.Latency;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What one colour did to the requests it was to serve, since the proxy started. */
final class Tally {
    /** Whoever compares counts that lie minutes apart must see that the proxy was restarted in between. */
    private final String series = UUID.randomUUID().toString();

    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder diverted = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Latency.Recorder latency = new Latency.Recorder();

    /**
     * @param requests that were to go to this colour, ended ones only
     * @param failures of these: no answer, no whole answer, or status 5xx; includes the diverted
     * @param diverted went to the other colour instead, because this one was down
     * @param inFlight being served right now
     * @param latency of the requests that this colour was really asked
     */
    record Totals(long requests, long failures, long diverted, int inFlight, Latency latency) {}

    void begin() {
        inFlight.incrementAndGet();
    }

    void end(boolean failed, Duration took) {
        requests.increment();
        if (failed) {
            failures.increment();
        }
        latency.record(took);
        inFlight.decrementAndGet();
    }

    /** A request left for the other colour after {@link #begin()}. */
    void leave() {
        divert();
        inFlight.decrementAndGet();
    }

    /** A request went to the other colour at once. */
    void divert() {
        // The other colour served it well, yet whoever watches this one must see that it does not do its work.
        requests.increment();
        failures.increment();
        diverted.increment();
    }

    String series() {
        return series;
    }

    int inFlight() {
        return inFlight.get();
    }

    Totals totals() {
        return new Totals(requests.sum(), failures.sum(), diverted.sum(), inFlight.get(), latency.snapshot());
    }
}
