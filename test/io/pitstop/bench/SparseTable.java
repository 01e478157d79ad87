package io.pitstop.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Memory of the agent along a table and along one of ten times as many rows; every fiftieth is to be filled, or it would
 * take too long. All are walked, and that is what memory might grow with.
 */
final class SparseTable {
    private static final int TIMES = 10;

    private final BenchServer server;
    private final Path folder;
    private final long rows;

    SparseTable(BenchServer server, Path folder, long rows) {
        this.server = server;
        this.folder = folder;
        this.rows = rows;
    }

    void measure(Map<String, List<BenchRun>> results) throws SQLException, IOException, InterruptedException {
        List<BenchRun> runs = new ArrayList<>();
        results.put("numbers", runs);
        for (long count : List.of(rows, TIMES * rows)) {
            server.template(
                    "sparse",
                    "CREATE UNLOGGED TABLE numbers (id int, square bigint)",
                    "INSERT INTO numbers SELECT g, CASE WHEN g % 50 > 0 THEN 0 END FROM generate_series(1, " + count
                            + ") g",
                    "VACUUM (ANALYZE) numbers");
            String remaining = "SELECT count(*) FROM numbers WHERE square IS NULL";
            Change change = Change.of(
                    "numbers",
                    Map.of(
                            "B1__squares.sql",
                            "-- backfill: table=numbers :walk\n-- remaining: " + remaining
                                    + "\nUPDATE numbers SET square = id::bigint * id WHERE :batch AND square IS NULL;\n"));
            BenchRun.Work work = Ways.agent(server, folder, change, "sparse", "walk=heap", "--workers", "1");
            String way = String.format(java.util.Locale.ROOT, "pitstop, %,d rows, one in 50 to fill", count);
            runs.add(new BenchRun(
                    "numbers", way, false, count, work, 0, SteadyLoad.Latency.NONE, SteadyLoad.Latency.NONE));
            server.drop("sparse");
        }
    }
}
