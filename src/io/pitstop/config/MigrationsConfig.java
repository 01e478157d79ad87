package io.pitstop.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * The {@code migrations} section of pitstop.yml: folders, absolute. One that does not exist holds no migrations.
 *
 * @param expand Flyway location with Flyway's default history table
 * @param backfill the files of the backfill, run in the order of their names
 * @param finish Flyway location with a history of its own: what is cheaper to add after the backfill
 * @param contract Flyway location with a history of its own
 * @param restore files like those of the backfill: what a restore fills rows with that the archive does not know
 */
public record MigrationsConfig(Path expand, Path backfill, Path finish, Path contract, Path restore) {
    /**
     * Reads only this section of a file, so that nothing is asked for what the others need.
     *
     * @param environment environment variables, for {@code ${NAME}} in values
     * @throws io.pitstop.error.InvalidConfig naming file and line
     */
    public static MigrationsConfig load(Path file, Map<String, String> environment) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return new ConfigFile(file, environment)
                .read()
                .findSection("migrations")
                .map(section -> from(section, folder))
                .orElseGet(() -> byDefault(folder));
    }

    static MigrationsConfig byDefault(Path folder) {
        return new MigrationsConfig(
                folder.resolve("db/migration"),
                folder.resolve("db/backfill"),
                folder.resolve("db/finish"),
                folder.resolve("db/contract"),
                folder.resolve("db/restore"));
    }

    static MigrationsConfig from(Section section, Path folder) {
        MigrationsConfig byDefault = byDefault(folder);
        MigrationsConfig config = new MigrationsConfig(
                folder.resolve(section.text("expand", byDefault.expand.toString())),
                folder.resolve(section.text("backfill", byDefault.backfill.toString())),
                folder.resolve(section.text("finish", byDefault.finish.toString())),
                folder.resolve(section.text("contract", byDefault.contract.toString())),
                folder.resolve(section.text("restore", byDefault.restore.toString())));
        section.end();
        return config;
    }
}
