package io.pitstop.gate;

import java.time.Duration;

/** How time passes for a bake: by waiting, or in a test at once. */
public interface BakeTime {
    /** The machine's own time. */
    BakeTime REAL = new BakeTime() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            Thread.sleep(time.toMillis());
        }
    };

    /** Nanoseconds since some fixed moment. */
    long nanos();

    void pause(Duration time) throws InterruptedException;
}
