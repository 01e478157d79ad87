package io.pitstop.telemetry;

import io.pitstop.backfill.BackfillFigures;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;

/** How far a backfill is, as figures. */
public record BackfillMeters(Meters meters) implements BackfillFigures.Listener {
    @Override
    public void take(BackfillFigures now) {
        String file = now.file();
        meters.set(Meter.BACKFILL_ROWS, now.walked(), file);
        meters.set(Meter.BACKFILL_TOTAL, now.total(), file);
        meters.set(Meter.BACKFILL_RATE, now.rowsPerSecond(), file);
        now.left().ifPresent(left -> meters.set(Meter.BACKFILL_LEFT, left.toMillis() / 1e3, file));
        meters.set(Meter.BACKFILL_WORKERS, now.workers(), file);
        meters.set(Meter.BACKFILL_BATCHES, now.batches(), file);
        meters.set(Meter.BACKFILL_BATCH, now.batchMs() / 1e3, file);
        meters.set(Meter.BACKFILL_FAILED, now.setAside(), file);
        now.brakes()
                .forEach((signal, reading) ->
                        meters.set(Meter.BACKFILL_BRAKE, reading.level().ordinal(), file, signal));
    }
}
