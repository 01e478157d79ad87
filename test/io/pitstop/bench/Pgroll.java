package io.pitstop.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The same change by pgroll, whose start command ends with the backfill; where {@code PGROLL} names its binary. */
final class Pgroll {
    private static final long LONGEST_MINUTES = 20;

    private final String binary;
    private final BenchServer server;
    private final Path folder;

    private Pgroll(String binary, BenchServer server, Path folder) {
        this.binary = binary;
        this.server = server;
        this.folder = folder;
    }

    static Optional<Pgroll> of(BenchServer server, Path folder) {
        String binary = System.getenv("PGROLL");
        return binary == null || binary.isBlank() ? Optional.empty() : Optional.of(new Pgroll(binary, server, folder));
    }

    BenchRun.Work run(Change change, String database) throws IOException, InterruptedException, SQLException {
        Path migration = Files.createTempDirectory(folder, "pgroll").resolve("01_change.json");
        Files.writeString(migration, "{\"operations\": [" + String.join(", ", change.pgroll()) + "]}\n");
        start(database, "init");
        long began = System.nanoTime();
        server.execute(database, change.pgrollFirst().toArray(String[]::new));
        start(database, "start", migration.toString(), "--backfill-batch-size", "10000");
        BenchRun.Work work = BenchRun.Work.since(began, 0);
        // Its new columns have names of their own until it completes: what counts the rows here knows the old ones.
        start(database, "complete");
        return work;
    }

    private void start(String database, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(binary, "--postgres-url", server.uri(database)));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " did not end well");
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
