package io.pitstop.config;

import io.pitstop.metrics.Meter;
import java.util.Locale;

/**
 * A figure of the database that must stay good while users are on the candidate.
 *
 * @param bounds in the unit of the figure
 */
public record DatabaseGateConfig(Figure figure, Bounds bounds) implements GateConfig {
    /** What can be asked for. */
    public enum Figure {
        WAITING(Meter.DATABASE_WAITING),
        LONGEST_WAIT(Meter.DATABASE_WAIT_LONGEST),
        OLDEST_TRANSACTION(Meter.DATABASE_TRANSACTION_OLDEST),
        SESSIONS_LEFT(Meter.DATABASE_SESSIONS_LEFT),
        REPLICA_LAG(Meter.DATABASE_REPLICA_LAG),
        CACHE_HITS(Meter.DATABASE_CACHE_HITS),
        STATEMENT_TIME(Meter.DATABASE_STATEMENT);

        private final Meter meter;

        Figure(Meter meter) {
            this.meter = meter;
        }

        /** What it is known as elsewhere, with its unit. */
        public Meter meter() {
            return meter;
        }

        /** As pitstop.yml has it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static DatabaseGateConfig from(Section section) {
        DatabaseGateConfig config = new DatabaseGateConfig(
                section.find(
                                "figure",
                                Choice.of(Figure.class),
                                "waiting, longest-wait, oldest-transaction, sessions-left, replica-lag, cache-hits or"
                                        + " statement-time")
                        .orElseThrow(() -> section.missing("figure")),
                Bounds.from(section));
        section.end();
        return config;
    }
}
