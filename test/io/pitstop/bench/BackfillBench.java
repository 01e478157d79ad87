package io.pitstop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.backfill.BackfillJob;
import io.pitstop.backfill.BackfillResult;
import io.pitstop.backfill.BackfillSettings;
import io.pitstop.database.Database;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast a backfill is against one naive UPDATE and against batches by hand, and what an application notices; all of it
 * in one run, so that the machine cancels out. Run by {@code bench/run.sh}, as its name keeps it out of the tests.
 */
class BackfillBench {
    private static final long ROWS = Long.parseLong(System.getenv().getOrDefault("BENCH_ROWS", "5000000"));
    private static final int RUNS = Integer.parseInt(System.getenv().getOrDefault("BENCH_RUNS", "3"));
    private static final String TABLE = System.getenv().getOrDefault("BENCH_TABLE", "");
    private static final Pattern LEFT = Pattern.compile(" (\\d+) %, .* rows/s, (\\d+)(?: ± \\d+)? s to go");

    @TempDir
    private Path folder;

    private BenchServer server;

    @Test
    void all() throws Exception {
        Path target = Path.of("target", "bench-postgres").toAbsolutePath();
        try (BenchServer started = new BenchServer(target)) {
            server = started;
            Map<String, List<BenchRun>> results = new LinkedHashMap<>();
            for (Change change : List.of(Change.users(), Change.posts())) {
                if (!TABLE.isEmpty() && !TABLE.equals(change.table())) {
                    continue;
                }
                List<String> setUp = change.setUp().stream()
                        .map(sql -> sql.replace(":rows", Long.toString(ROWS)))
                        .toList();
                server.template(change.table(), setUp.toArray(String[]::new));
                server.execute(change.table(), "VACUUM (ANALYZE, FREEZE)");
                results.put(change.table(), measure(change));
            }
            new BenchReport(ROWS, RUNS, server.version(), results).write(Path.of("bench"));
        }
    }

    private List<BenchRun> measure(Change change) throws Exception {
        List<BenchRun> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            runs.add(run(change, "naive UPDATE", false, this::naive));
            runs.add(run(change, "keyset by hand, 10 k", false, this::byHand));
            runs.add(run(change, "pitstop, heap", false, (c, d) -> pitstop(c, d, "walk=heap", 1)));
            runs.add(run(change, "pitstop, key", false, (c, d) -> pitstop(c, d, "key=id", 1)));
            runs.add(run(change, "pitstop, 2 workers", false, (c, d) -> pitstop(c, d, "walk=heap", 2)));
            runs.add(run(change, "nothing", true, (c, d) -> idle()));
            runs.add(run(change, "keyset by hand, 10 k", true, this::byHand));
            runs.add(run(change, "pitstop, heap", true, (c, d) -> pitstop(c, d, "walk=heap", 1)));
            runs.add(run(change, "naive UPDATE", true, this::naive));
        }
        return runs;
    }

    /** One way to make a change. */
    private interface Way {
        BenchRun.Work run(Change change, String database) throws Exception;
    }

    private BenchRun run(Change change, String name, boolean loaded, Way way) throws Exception {
        String database = server.copy(change.table());
        server.number(database, "SELECT count(*) FROM " + change.table());
        server.number(database, "SELECT count(*) FROM " + change.table() + " WHERE id > 0");
        SteadyLoad load = loaded ? new SteadyLoad(server, database, change.read(), change.write(), ROWS) : null;
        TimeUnit.SECONDS.sleep(loaded ? 3 : 0);
        String place = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";
        long before = server.number(database, place);
        BenchRun.Work work = way.run(change, database);
        long wal = server.number(database, place) - before;
        SteadyLoad.Latency latency = loaded ? load.end() : new SteadyLoad.Latency(0, 0, 0, 0);
        if (!name.equals("nothing") && !loaded) {
            assertThat(server.number(database, change.remaining())).as(name).isZero();
        }
        server.drop(database);
        BenchRun run = new BenchRun(change.table(), name, loaded, ROWS, work, (double) wal / ROWS, latency);
        System.out.println(run);
        return run;
    }

    private BenchRun.Work idle() throws InterruptedException {
        TimeUnit.SECONDS.sleep(20);
        return new BenchRun.Work(0, 0, 0, 0);
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
        return new BenchRun.Work(seconds(began), 0, 0, 1);
    }

    private BenchRun.Work byHand(Change change, String database) throws SQLException {
        long began = System.nanoTime();
        int batches = 0;
        try (Connection session = server.connect(database);
                Statement setting = session.createStatement()) {
            setting.execute("SET pitstop.backfill = 'on'");
            setting.execute("SET plan_cache_mode = 'force_custom_plan'");
            session.setAutoCommit(false);
            for (long from = 1; from <= ROWS; from += 10_000) {
                for (String sql : change.batches()) {
                    try (PreparedStatement batch =
                            session.prepareStatement(sql.replace(":from", "?").replace(":to", "?"))) {
                        batch.setLong(1, from);
                        batch.setLong(2, from + 9_999);
                        batch.execute();
                    }
                }
                session.commit();
                batches++;
            }
        }
        return new BenchRun.Work(seconds(began), 0, 0, batches);
    }

    private BenchRun.Work pitstop(Change change, String name, String walk, int workers) throws IOException {
        Path files = Files.createTempDirectory(folder, "files");
        for (Map.Entry<String, String> file : change.files().entrySet()) {
            Files.writeString(files.resolve(file.getKey()), file.getValue().replace(":walk", walk));
        }
        Database database = server.database(name);
        ReleaseJournal journal = new ReleaseJournal(database, "bench", new Actor("bench", "", "here"));
        Release release = journal.open("2", "1", Colour.GREEN);
        BackfillSettings settings = new BackfillSettings(
                BackfillSettings.DEFAULT_BATCH_ROWS, BackfillSettings.DEFAULT_BATCH_TIME, workers, Set.of());
        List<double[]> estimates = new ArrayList<>();
        try (Lease lease = journal.lease(release, "backfill")) {
            long began = System.nanoTime();
            List<BackfillResult> results = new BackfillJob(database, files, settings, line -> {
                        System.out.println(line);
                        note(line, began, estimates);
                    })
                    .run(lease);
            Duration took = sum(results, BackfillResult::took);
            Duration counting = sum(results, BackfillResult::counting);
            long batches = results.stream().mapToLong(BackfillResult::batches).sum();
            double error = results.size() == 1 ? error(estimates, took.toMillis() / 1e3) : 0;
            return new BenchRun.Work(took.minus(counting).toMillis() / 1e3, counting.toMillis() / 1e3, error, batches);
        }
    }

    private static void note(String line, long began, List<double[]> estimates) {
        Matcher left = LEFT.matcher(line);
        if (left.find() && Integer.parseInt(left.group(1)) >= 10) {
            estimates.add(new double[] {seconds(began), Double.parseDouble(left.group(2))});
        }
    }

    /** How much the estimates of what is left were off, as a part of what was left; the one in the middle. */
    private static double error(List<double[]> estimates, double took) {
        double[] errors = estimates.stream()
                .filter(estimate -> took - estimate[0] > 1)
                .mapToDouble(estimate -> Math.abs(estimate[1] - (took - estimate[0])) / (took - estimate[0]))
                .sorted()
                .toArray();
        return errors.length == 0 ? 0 : errors[errors.length / 2];
    }

    private static Duration sum(
            List<BackfillResult> results, java.util.function.Function<BackfillResult, Duration> part) {
        return results.stream().map(part).reduce(Duration.ZERO, Duration::plus);
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
