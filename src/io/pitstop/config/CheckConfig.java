package io.pitstop.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The {@code check} section of pitstop.yml.
 *
 * @param trial whether scripts are tried on a scratch PostgreSQL
 * @param schema a dump of production's schema, as pg_dump --schema-only writes it; empty to make it by the scripts
 * @param statements what the application runs, as check --record-statements wrote it
 * @param roles whose statements are recorded; empty for everybody's but superusers'
 */
public record CheckConfig(Trial trial, Optional<Path> schema, Optional<Path> statements, List<String> roles) {
    /** Whether scripts are tried. */
    public enum Trial {
        /** Where there is a PostgreSQL to try them on. */
        AUTO,
        /** Always; without a PostgreSQL to try them on, nothing is judged. */
        REQUIRE,
        /** Never. */
        OFF
    }

    public CheckConfig {
        roles = List.copyOf(roles);
    }

    /** What holds where nothing is said. */
    public static CheckConfig byDefault() {
        return new CheckConfig(Trial.AUTO, Optional.empty(), Optional.empty(), List.of());
    }
}
