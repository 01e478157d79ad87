package io.pitstop.cli;

import io.pitstop.archive.Archives;
import io.pitstop.cli.output.Defect;
import io.pitstop.cli.wiring.Wiring;
import io.pitstop.config.PitstopConfig;
import io.pitstop.database.Vitals;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import io.pitstop.release.Fact;
import io.pitstop.release.Release;
import io.pitstop.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The figures of one command, if pitstop.yml says where they go; if it does not, nothing is opened and nobody asked. */
final class Measured implements AutoCloseable {
    /** The steps during which the database has work from us. */
    private static final Set<String> AT_THE_DATABASE =
            Set.of("migrate-expand", "backfill", "switch-traffic", "contract", "restore");

    private final String step;
    private final Optional<Telemetry> telemetry;
    private final Meters meters;

    /** @param warnings gets a line when figures cannot be sent */
    Measured(PitstopConfig config, String step, Map<String, String> environment, Consumer<String> warnings) {
        this.step = step;
        this.telemetry = config.metrics().isEmpty()
                ? Optional.empty()
                : Optional.of(new Telemetry(config.metrics(), config.application(), step, environment, warnings));
        this.meters = telemetry.map(Telemetry::meters).orElse(Meters.NONE);
    }

    Meters meters() {
        return meters;
    }

    /** Runs the step itself. */
    <T> T time(Wiring wiring, Supplier<T> work) {
        if (telemetry.isEmpty()) {
            return work.get();
        }
        meters.set(Meter.STEP_STARTED, seconds(Instant.now()));
        meters.set(Meter.STEP_RUNNING, 1);
        if (!AT_THE_DATABASE.contains(step)) {
            return timed(work);
        }
        Vitals vitals = wiring.vitals();
        telemetry.get().beforeEachSending(vitals);
        try (vitals) {
            return lookedAt(vitals, work);
        } finally {
            telemetry.get().noLonger(vitals);
        }
    }

    /** Also when it is refused; but a database that has failed is not waited for again. */
    private <T> T lookedAt(Vitals vitals, Supplier<T> work) {
        try {
            T result = timed(work);
            vitals.run();
            return result;
        } catch (MoveRefused refused) {
            vitals.run();
            throw refused;
        }
    }

    private <T> T timed(Supplier<T> work) {
        long begun = System.nanoTime();
        int exit = Defect.EXIT_CODE;
        try {
            T result = work.get();
            exit = 0;
            return result;
        } catch (PitstopException e) {
            exit = e.exitCode();
            throw e;
        } finally {
            meters.time(Meter.STEP, Duration.ofNanos(System.nanoTime() - begun), Integer.toString(exit));
            meters.set(Meter.STEP_RUNNING, 0);
        }
    }

    /** What holds of the application from now on. */
    void show(Optional<Release> release, Supplier<Archives> archives, Duration retain) {
        if (telemetry.isEmpty()) {
            return; // nobody wants to know, so nothing is asked
        }
        release.ifPresent(now -> {
            meters.set(Meter.RELEASE_OPENED, now.finishedAt().isPresent() ? 0 : seconds(now.openedAt()));
            for (Fact fact : Fact.values()) {
                meters.set(Meter.RELEASE_FACT, now.is(fact) ? 1 : 0, fact.words());
            }
            meters.set(Meter.RELEASE_PHASE, phase(now));
            try {
                meters.set(Meter.ARCHIVE_DUE, due(archives.get(), retain));
            } catch (PitstopException unanswered) {
                // The step is done, and its result must not depend on a figure.
                return;
            }
        });
    }

    /** How far its schema is on the way from the old version's to the new one's; a restore leads back. */
    private static int phase(Release release) {
        boolean restored = release.is(Fact.RESTORED);
        if (release.is(Fact.CONTRACTED) && !restored) {
            return 4;
        }
        if (release.is(Fact.CONTRACT_BEGUN) && !restored) {
            return 3;
        }
        return release.is(Fact.BACKFILLED) ? 2 : release.is(Fact.EXPANDED) ? 1 : 0;
    }

    private static double due(Archives archives, Duration retain) {
        return archives.list().stream()
                .filter(Archives.Entry::isKept)
                .flatMap(entry -> entry.droppedAt().stream())
                .min(Instant::compareTo)
                .map(dropped -> seconds(dropped.plus(retain)))
                .orElse(0.0);
    }

    @Override
    public void close() {
        telemetry.ifPresent(Telemetry::close);
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1e3;
    }
}
