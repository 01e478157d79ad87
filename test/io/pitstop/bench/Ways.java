package io.pitstop.bench;

import io.pitstop.evidence.Compared;
import io.pitstop.evidence.Comparisons;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** All ways to make a change that are compared. */
final class Ways {
    private static final long LONGEST_MINUTES = 20;
    private static final int KEYS = 10_000;

    private static final String CONFIG =
            """
            application: bench
            database: { url: "%s" }
            environments: { terraform: none, health: { path: /health } }
            traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
            """;

    private final BenchServer server;
    private final Path folder;
    private final long rows;

    Ways(BenchServer server, Path folder, long rows) {
        this.server = server;
        this.folder = folder;
        this.rows = rows;
    }

    List<Way> all() {
        List<Way> ways = new ArrayList<>(List.of(
                new Way("naive UPDATE", false, true, this::naive),
                new Way("pitstop", false, true, (change, database) -> pitstop(change, database, "walk=heap", 1)),
                new Way("pitstop", true, true, (change, database) -> pitstop(change, database, "walk=heap", 1)),
                new Way(
                        "pitstop, 2 workers",
                        false,
                        true,
                        (change, database) -> pitstop(change, database, "walk=heap", 2)),
                shorter(1),
                new Way("keyset by psql, 10 k", false, false, this::byPsql),
                new Way("keyset by psql, 10 k", true, false, this::byPsql),
                new Way(
                        "pitstop, along the key",
                        false,
                        false,
                        (change, database) -> pitstop(change, database, "key=id", 1)),
                new Way("naive UPDATE", true, false, this::naive)));
        Pgroll.of(server, folder).ifPresent(pgroll -> ways.add(3, new Way("pgroll", false, true, pgroll::run)));
        return ways;
    }

    /** Beside the load, with batches of fewer milliseconds than by default. */
    private Way shorter(int ms) {
        return new Way(
                "pitstop, batches of " + ms + " ms",
                true,
                false,
                (change, database) -> agent(
                        server, folder, change, database, "walk=heap", "--workers", "1", "--batch-time", ms + "ms"));
    }

    private BenchRun.Work naive(Change change, String database) throws SQLException {
        long began = System.nanoTime();
        try (Connection session = server.connect(database);
                Statement statement = session.createStatement()) {
            statement.execute("SET pitstop.backfill = 'on'");
            for (String sql : change.naive()) {
                statement.execute(sql);
            }
        }
        BenchRun.Work work = BenchRun.Work.since(began, 1);
        vacuum(change, database);
        return work;
    }

    /** Not in the time, but in the WAL: pitstop does it, and after the others autovacuum would. */
    private void vacuum(Change change, String database) throws SQLException {
        try (Connection session = server.connect(database);
                Statement statement = session.createStatement()) {
            statement.execute("VACUUM " + change.table());
        }
    }

    private BenchRun.Work byPsql(Change change, String database)
            throws IOException, InterruptedException, SQLException {
        Process psql = new ProcessBuilder("psql", "-qX", "-v", "ON_ERROR_STOP=1", server.uri(database))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        long began = System.nanoTime();
        int batches = 0;
        try (OutputStream input = psql.getOutputStream()) {
            input.write("SET pitstop.backfill = 'on';\n".getBytes(StandardCharsets.UTF_8));
            for (long from = 1; from <= rows; from += KEYS) {
                StringBuilder batch = new StringBuilder("BEGIN;\n");
                for (String sql : change.batches()) {
                    batch.append(sql.replace(":from", Long.toString(from))
                                    .replace(":to", Long.toString(from + KEYS - 1)))
                            .append(";\n");
                }
                input.write(batch.append("COMMIT;\n").toString().getBytes(StandardCharsets.UTF_8));
                batches++;
            }
        }
        try {
            if (!psql.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES) || psql.exitValue() != 0) {
                throw new IllegalStateException("psql did not end well; see above");
            }
        } finally {
            psql.destroyForcibly();
        }
        BenchRun.Work work = BenchRun.Work.since(began, batches);
        vacuum(change, database);
        return work;
    }

    private BenchRun.Work pitstop(Change change, String database, String walk, int workers)
            throws IOException, InterruptedException {
        return agent(server, folder, change, database, walk, "--workers", Integer.toString(workers));
    }

    /** A release that waits for its backfill, and the command for it. */
    static BenchRun.Work agent(
            BenchServer server, Path folder, Change change, String database, String walk, String... options)
            throws IOException, InterruptedException {
        Path home = Files.createTempDirectory(folder, "release");
        Path files = Files.createDirectories(home.resolve("db/backfill"));
        Files.createDirectories(home.resolve("db/finish"));
        Files.writeString(home.resolve("pitstop.yml"), CONFIG.formatted(server.url(database)));
        for (Map.Entry<String, String> file : change.files().entrySet()) {
            Files.writeString(files.resolve(file.getKey()), file.getValue().replace(":walk", walk));
        }
        ReleaseJournal journal = new ReleaseJournal(server.database(database), "bench", new Actor("bench", "", "here"));
        Release release = journal.open("2", "1", Colour.GREEN);
        try (Lease lease = journal.lease(release, "given")) {
            lease.record(Fact.EXPANDED, Map.of());
        }
        BenchRun.Work work = new AgentRun(home, options).await();
        long began = System.nanoTime();
        try (Lease lease = journal.lease(release, "compare")) {
            List<Compared> compared =
                    new Comparisons(server.database(database), files).run(lease).compared();
            if (compared.isEmpty()) {
                return work;
            }
        }
        return work.compared((System.nanoTime() - began) / 1e9);
    }
}
