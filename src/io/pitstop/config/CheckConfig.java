package io.pitstop.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /**
     * Reads only this section of a file, so that nothing is asked for what the others need.
     *
     * @param environment environment variables, for {@code ${NAME}} in values
     * @throws io.pitstop.error.InvalidConfig naming file and line
     */
    public static CheckConfig load(Path file, Map<String, String> environment) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return new ConfigFile(file, environment)
                .read()
                .findSection("check")
                .map(section -> from(section, folder))
                .orElseGet(CheckConfig::byDefault);
    }

    /** What holds where nothing is said. */
    public static CheckConfig byDefault() {
        return new CheckConfig(Trial.AUTO, Optional.empty(), Optional.empty(), List.of());
    }

    /** The same, but for what a command line says; empty for what it does not say. */
    public CheckConfig but(Optional<Trial> otherTrial, Optional<Path> otherSchema, Optional<Path> otherStatements) {
        return new CheckConfig(
                otherTrial.orElse(trial), otherSchema.or(() -> schema), otherStatements.or(() -> statements), roles);
    }

    static CheckConfig from(Section section, Path folder) {
        CheckConfig config = new CheckConfig(
                section.find("trial", Choice.of(Trial.class), "auto, require or off")
                        .orElse(Trial.AUTO),
                section.find("schema", Optional::of, "a file").map(folder::resolve),
                section.find("statements", Optional::of, "a file").map(folder::resolve),
                section.list("roles", Optional::of, "names of roles", List.of()));
        section.end();
        return config;
    }
}
