package io.pitstop.gate;

import io.pitstop.config.Bounds;
import io.pitstop.config.DatabaseGateConfig;
import io.pitstop.database.Database;
import io.pitstop.database.Vitals;
import io.pitstop.error.PitstopException;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * A figure of the database, which both colours share: what the new version does to it, the old one feels too. A database
 * that cannot be asked for 30 seconds is unhealthy.
 */
final class DatabaseGate implements Vigilant {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DatabaseGateConfig config;
    private final Vigil vigil;
    private final Map<Meter, Double> latest = new EnumMap<>(Meter.class);
    private final Vitals vitals;

    DatabaseGate(DatabaseGateConfig config, Database database, Vigil vigil) {
        this.config = config;
        this.vigil = vigil;
        this.vitals = new Vitals(database, new Latest());
    }

    @Override
    public Vigil vigil() {
        return vigil;
    }

    @Override
    public void close() {
        vitals.close();
    }

    @Override
    public Verdict judge() {
        latest.clear();
        try {
            vitals.look();
        } catch (PitstopException e) {
            NoAnswer failure = NoAnswer.passing(e.getMessage(), e);
            return verdict(vigil.withoutAnswer(failure, PATIENCE), "no answer: " + failure.getMessage(), 0);
        }
        vigil.heard();
        Double value = latest.get(config.figure().meter());
        if (value == null) {
            return verdict(Verdict.Answer.UNDECIDED, "not known yet", 0);
        }
        boolean good = config.bounds().hold(value);
        return verdict(good ? Verdict.Answer.HEALTHY : Verdict.Answer.UNHEALTHY, Bounds.number(value) + unit(), 1);
    }

    private Verdict verdict(Verdict.Answer answer, String value, long samples) {
        return new Verdict(
                "database " + config.figure(),
                answer,
                value,
                config.bounds() + unit(),
                samples,
                "the database's statistics",
                "now");
    }

    private String unit() {
        String unit = config.figure().meter().unit();
        return unit.isEmpty() ? "" : " " + unit;
    }

    private final class Latest implements Meters {
        @Override
        public void count(Meter meter, double more, String... labels) {}

        @Override
        public void set(Meter meter, double value, String... labels) {
            latest.put(meter, value);
        }

        @Override
        public void time(Meter meter, Duration took, String... labels) {}
    }
}
