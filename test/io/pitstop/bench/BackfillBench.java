package io.pitstop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast a backfill is against one naive UPDATE and against batches by hand, and what an application notices; all of it
 * in one run, so that the machine cancels out. Run by {@code bench/run.sh}, as its name keeps it out of the tests.
 *
 * <p>Within its time: every way once, those that say least first left out; then the ones that bars are about again.
 */
class BackfillBench {
    private static final long ROWS = Long.parseLong(setting("BENCH_ROWS", "5000000"));
    private static final int RUNS = Integer.parseInt(setting("BENCH_RUNS", "3"));
    private static final Duration TIME = Duration.ofMinutes(Long.parseLong(setting("BENCH_MINUTES", "28")));
    private static final String TABLE = setting("BENCH_TABLE", "");

    /** Names of ways, of which only these are run, separated by commas; empty for all. */
    private static final String ONLY = setting("BENCH_WAYS", "");

    private static final long WARM_UP_S = 3;
    private static final long BEFORE_S = 20;

    private final long start = System.nanoTime();
    private final Map<String, List<BenchRun>> results = new LinkedHashMap<>();
    private final Map<String, Long> seconds = new HashMap<>();

    @TempDir
    private Path folder;

    private BenchServer server;

    @Test
    void all() throws Exception {
        List<Change> changes = List.of(Change.users(), Change.posts()).stream()
                .filter(change -> TABLE.isEmpty() || TABLE.equals(change.table()))
                .toList();
        try (BenchServer started =
                new BenchServer(Path.of("target", "bench-postgres").toAbsolutePath())) {
            server = started;
            for (Change change : changes) {
                prepare(change);
            }
            server.fillWal();
            List<String> memory = ONLY.isEmpty() ? List.of("5 M", "50 M") : List.of();
            for (int run = 1; run <= RUNS; run++) {
                for (int i = 0; i < changes.size(); i++) {
                    // The first table leaves the second its half.
                    measure(changes.get(i), run, TIME.multipliedBy(i + 1L).dividedBy(changes.size()));
                }
                if (run == 1 && !memory.isEmpty()) {
                    new SparseTable(server, folder, ROWS).measure(results);
                    report();
                }
            }
        }
    }

    private void prepare(Change change) throws Exception {
        say("makes " + change.table() + ", " + ROWS + " rows");
        List<String> setUp = change.setUp().stream()
                .map(sql -> sql.replace(":rows", Long.toString(ROWS)))
                .toList();
        server.template(change.table(), setUp.toArray(String[]::new));
        server.execute(change.table(), "VACUUM (ANALYZE, FREEZE)");
        results.put(change.table(), new ArrayList<>());
    }

    private void measure(Change change, int run, Duration until) throws Exception {
        for (Way way : new Ways(server, folder, ROWS).all()) {
            String name = change.table() + " " + way.name() + (way.loaded() ? ", beside 200 tps" : "");
            if (!ONLY.isEmpty() && !List.of(ONLY.split(",")).contains(way.name())) {
                continue;
            }
            long took = seconds.getOrDefault(name, 60L);
            boolean inTime = elapsed().plusSeconds(took).compareTo(run == 1 ? until : TIME) <= 0;
            if (inTime ? run == 1 || way.isOfBars() : run == 1 && way.isOfBars()) {
                say(name + ", run " + run);
                Duration began = elapsed();
                results.get(change.table()).add(run(change, way));
                seconds.put(name, elapsed().minus(began).toSeconds());
                report();
            } else if (run == 1) {
                say(name + " is left out, there is no time for it");
            }
        }
    }

    private BenchRun run(Change change, Way way) throws Exception {
        String database = server.copy(change.table());
        server.number(database, "SELECT count(*) FROM " + change.table());
        server.number(database, "SELECT count(*) FROM " + change.table() + " WHERE id > 0");
        SteadyLoad load = way.loaded() ? new SteadyLoad(server, database, change.read(), change.write(), ROWS) : null;
        TimeUnit.SECONDS.sleep(way.loaded() ? WARM_UP_S + BEFORE_S : 0);
        String place = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";
        long before = server.number(database, place);
        long began = System.nanoTime();
        BenchRun.Work work = way.work().run(change, database);
        long wal = server.number(database, place) - before;
        SteadyLoad.Latency usual = SteadyLoad.Latency.NONE;
        SteadyLoad.Latency beside = SteadyLoad.Latency.NONE;
        if (load != null) {
            load.end();
            // Not until the first row: the start of a process is heard on a small machine.
            usual = load.between(began - TimeUnit.SECONDS.toNanos(BEFORE_S), began);
            beside = load.between(work.begin(), work.end());
        }
        assertThat(server.number(database, change.remaining())).as(way.name()).isZero();
        server.drop(database);
        BenchRun run =
                new BenchRun(change.table(), way.name(), way.loaded(), ROWS, work, (double) wal / ROWS, usual, beside);
        say(run.toString());
        return run;
    }

    /** After every run, so that one that is cut short leaves what it has. */
    private void report() throws Exception {
        boolean whole = TABLE.isEmpty() && ONLY.isEmpty();
        new BenchReport(ROWS, server.version(), results).write(Path.of(whole ? "bench" : "target"));
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void say(String what) {
        System.out.println("bench " + elapsed().toSeconds() + " s: " + what);
    }

    private static String setting(String name, String usual) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? usual : value;
    }
}
