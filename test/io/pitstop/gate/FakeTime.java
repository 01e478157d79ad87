package io.pitstop.gate;

import java.time.Duration;

/** Time that passes only by pauses, and at once. */
final class FakeTime implements BakeTime {
    private long nanos;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        nanos += time.toNanos();
    }
}
