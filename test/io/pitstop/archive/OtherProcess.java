package io.pitstop.archive;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that contracts or restores, so that it can be killed. */
final class OtherProcess {
    private OtherProcess() {}

    /** Arguments: what to do, folder of the scripts, URL of the database. */
    public static void main(String[] arguments) {
        DatabaseConfig config = new DatabaseConfig(
                arguments[2], Duration.ofMillis(200), Duration.ofSeconds(30), "{application}-{colour}");
        Database database =
                Database.from(config, "blog", Map.of("PITSTOP_DB_USER", "postgres", "PITSTOP_DB_PASSWORD", "postgres"));
        Vault vault = new Vault(Path.of(arguments[1]), database);
        if (arguments[0].equals("contract")) {
            vault.contract();
        } else {
            vault.restore();
        }
        System.exit(0);
    }

    /**
     * Starts it again and again, and kills it (-9) each time after {@code afterMs} more than before, until it comes to
     * its end.
     *
     * @return how often it was killed
     */
    static int killedUntilDone(String what, Path folder, TestDatabase server, int firstMs, int afterMs)
            throws IOException, InterruptedException {
        for (int kills = 0; kills < 60; kills++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherProcess.class.getName(),
                            what,
                            folder.toString(),
                            server.url())
                    .inheritIO()
                    .start();
            if (process.waitFor(firstMs + (long) kills * afterMs, TimeUnit.MILLISECONDS)) {
                if (process.exitValue() != 0) {
                    throw new AssertionError(
                            what + " ended with " + process.exitValue() + " after " + kills + " kills");
                }
                return kills;
            }
            process.destroyForcibly().waitFor();
        }
        throw new AssertionError(what + " does not come to its end");
    }
}
