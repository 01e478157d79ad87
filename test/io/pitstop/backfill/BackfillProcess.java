package io.pitstop.backfill;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.MigrationsConfig;
import io.pitstop.database.Database;
import io.pitstop.database.Statistics;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.migration.Migrations;
import io.pitstop.release.Actor;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.Backfill;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The step backfill in a process of its own, which can be killed. */
final class BackfillProcess {
    private BackfillProcess() {}

    /** Arguments: JDBC URL, folder with {@code backfill} in it, rows of a batch, name of the node. */
    public static void main(String[] arguments) {
        DatabaseConfig config =
                new DatabaseConfig(arguments[0], Duration.ofMillis(200), Duration.ofSeconds(10), "{colour}");
        Database database = Database.from(config, "blog", System.getenv());
        Path folder = Path.of(arguments[1]);
        MigrationsConfig folders = new MigrationsConfig(
                folder.resolve("migration"),
                folder.resolve("backfill"),
                folder.resolve("finish"),
                folder.resolve("contract"),
                folder.resolve("restore"));
        BackfillSettings settings =
                new BackfillSettings(Integer.parseInt(arguments[2]), BackfillSettings.DEFAULT_BATCH_TIME, 2, Set.of());
        Backfill.Result result = new Backfill(
                        new ReleaseJournal(database, "blog", new Actor("ann", "", arguments[3])),
                        new BackfillJob(database, folders.backfill(), settings, System.out::println),
                        Migrations.finish(database, folders, System.out::println),
                        new Statistics(database),
                        colour -> new Series("", Figures.none()),
                        System.out::println)
                .run(Optional.empty());
        System.out.println(result.message());
    }

    /** Starts one; its output goes where that of the test goes. */
    static Process start(io.pitstop.database.TestDatabase server, Path folder, int batchRows, String node) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BackfillProcess.class.getName(),
                server.url(),
                folder.toString(),
                Integer.toString(batchRows),
                node));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().putAll(server.environment());
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns its exit code, or -1 if it has not ended within a minute. */
    static int await(Process process) throws InterruptedException {
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        return ended ? process.exitValue() : -1;
    }
}
