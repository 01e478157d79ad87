package io.pitstop.demo.witness;

import io.pitstop.metrics.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** The stretches of time of a demo, and what became of the requests of each. */
final class Phases {
    private final List<Phase> phases = new ArrayList<>();

    Phases(String first) {
        begin(first, false);
    }

    /** @param outage what is under way when it begins, and fails, fails by it */
    synchronized void begin(String name, boolean outage) {
        end();
        phases.add(new Phase(name, outage));
    }

    /** The phase in which the failure counts of a request that was sent at some moment, and fails now. */
    synchronized Phase ofFailure(long sent) {
        Phase now = at(System.nanoTime());
        return now.outage ? now : at(sent);
    }

    /** Ends the last phase; requests that are due later still count in it. */
    synchronized void end() {
        if (!phases.isEmpty() && phases.get(phases.size() - 1).ended == 0) {
            phases.get(phases.size() - 1).ended = System.nanoTime();
        }
    }

    /** The phase of a moment of {@link System#nanoTime}; the first one if it was before all. */
    synchronized Phase at(long moment) {
        for (int last = phases.size() - 1; last > 0; last--) {
            if (moment - phases.get(last).began >= 0) {
                return phases.get(last);
            }
        }
        return phases.get(0);
    }

    synchronized List<Testimony.Phase> figures() {
        return phases.stream().map(Phase::figures).toList();
    }

    /** One stretch of time. */
    static final class Phase {
        private final String name;
        private final boolean outage;
        private final long began = System.nanoTime();
        private final Latency.Recorder latency = new Latency.Recorder();
        private final LongAdder failed = new LongAdder();
        private volatile long ended;

        Phase(String name, boolean outage) {
            this.name = name;
            this.outage = outage;
        }

        String name() {
            return name;
        }

        void took(Duration time) {
            latency.record(time);
        }

        void failed() {
            failed.increment();
        }

        private Testimony.Phase figures() {
            Latency all = latency.snapshot();
            long end = ended == 0 ? System.nanoTime() : ended;
            return new Testimony.Phase(
                    name,
                    (end - began) / 1e9,
                    all.count(),
                    failed.sum(),
                    all.percentileMs(50),
                    all.percentileMs(95),
                    all.percentileMs(99));
        }
    }
}
