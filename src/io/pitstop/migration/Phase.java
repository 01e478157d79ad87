package io.pitstop.migration;

import java.util.Locale;

/** When migrations run in a release; each phase keeps a history of its own. */
enum Phase {
    /** Flyway's own table, so that a project that uses Flyway already goes on with what it has. */
    EXPAND("flyway_schema_history"),
    FINISH("pitstop_finish_history"),
    CONTRACT("pitstop_contract_history");

    private final String history;

    Phase(String history) {
        this.history = history;
    }

    String history() {
        return history;
    }

    /** True if the phase is Pitstop's own: it begins with nothing applied, in a schema that is there already. */
    boolean beginsLate() {
        return this != EXPAND;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
