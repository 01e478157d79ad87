package io.pitstop.migration;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.database.Database;
import io.pitstop.database.Login;
import io.pitstop.database.TestDatabase;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The database of a blog with a release under way, and folders for its scripts. */
final class Blog {
    final TestDatabase server = TestDatabase.create();
    final List<String> lines = new CopyOnWriteArrayList<>();
    final MigrationsConfig folders;
    private final ReleaseJournal journal;
    private final Release release;
    private Duration lockWithin = Duration.ofSeconds(10);
    private volatile boolean shut;

    Blog(Path folder) {
        this.folders = new MigrationsConfig(
                folder.resolve("expand"),
                folder.resolve("backfill"),
                folder.resolve("finish"),
                folder.resolve("contract"),
                folder.resolve("restore"));
        this.journal = new ReleaseJournal(server.database(), "blog", new Actor("ann", "build-7", "node-1"));
        this.release = journal.open("2", "1", Colour.GREEN);
    }

    Blog lockWithin(Duration time) {
        lockWithin = time;
        return this;
    }

    /** Writes a script of the expand phase. */
    Path script(String name, String... lines) {
        return script(folders.expand(), name, lines);
    }

    Path script(Path folder, String name, String... lines) {
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the expand phase, as the step does. */
    List<Applied> expand() {
        try (Lease lease = lease("migrate-expand")) {
            return Migrations.expand(database(), folders, lines::add).migrate(lease);
        }
    }

    Lease lease(String step) {
        return journal.lease(release, step);
    }

    /** From now on the server lets no session in that migrates or watches. */
    Blog shut() {
        shut = true;
        return this;
    }

    /** The database with a lock timeout of 200 ms. */
    Database database() {
        DatabaseConfig config =
                new DatabaseConfig(server.url(), Duration.ofMillis(200), lockWithin, "{application}-{colour}");
        return new Database(
                config, "blog", refused -> shut ? new Login("nobody", "") : new Login("postgres", "postgres"));
    }

    /** The versions in Flyway's table, in their order. */
    String history() {
        return server.query("SELECT string_agg(version, ' ' ORDER BY installed_rank) FROM flyway_schema_history");
    }
}
