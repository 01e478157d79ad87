package io.pitstop.gate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A time of day that passes as a test says. */
final class FakeInstants implements InstantSource {
    private Instant now;

    FakeInstants(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }
}
