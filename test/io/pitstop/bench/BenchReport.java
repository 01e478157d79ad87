package io.pitstop.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Writes what was measured: raw as JSON, medians as tables in the README, and as a plot. */
final class BenchReport {
    private static final String BEGIN = "<!-- results -->";
    private static final String END = "<!-- end of results -->";

    private final long rows;
    private final String postgres;
    private final Map<String, List<BenchRun>> results;

    BenchReport(long rows, String postgres, Map<String, List<BenchRun>> results) {
        this.rows = rows;
        this.postgres = postgres;
        this.results = results;
    }

    /** What several runs of one way say together: medians. */
    record Line(String table, String way, boolean loaded, List<BenchRun> runs, double ratio) {
        double of(ToDoubleFunction<BenchRun> figure) {
            return median(runs, figure);
        }
    }

    void write(Path folder) throws IOException {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("rows", rows);
        raw.put("postgres", postgres);
        raw.put("processors", Runtime.getRuntime().availableProcessors());
        raw.put("results", results);
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(folder.resolve("results.json"), json.writeValueAsString(raw) + "\n");
        List<Line> lines = lines();
        Files.writeString(folder.resolve("backfill.svg"), new BenchPlot(lines).svg());
        Files.writeString(folder.resolve("frontier.svg"), new FrontierPlot(lines).svg());
        Path readme = folder.resolve("README.md");
        String text = Files.exists(readme) ? Files.readString(readme) : BEGIN + END + "\n";
        String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
        String tables = table(lines) + "\n" + new BenchBars(lines, rows).table();
        Files.writeString(readme, before + "\n\n" + tables + "\n" + text.substring(text.indexOf(END)));
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        results.forEach((table, all) -> {
            double naive = median(
                    all.stream()
                            .filter(run -> run.way().equals("naive UPDATE") && !run.loaded())
                            .toList(),
                    BenchRun::rowsPerSecond);
            Map<List<Object>, List<BenchRun>> ways = new LinkedHashMap<>();
            all.forEach(run -> ways.computeIfAbsent(List.of(run.way(), run.loaded()), key -> new ArrayList<>())
                    .add(run));
            ways.values()
                    .forEach(runs -> lines.add(new Line(
                            table,
                            runs.get(0).way(),
                            runs.get(0).loaded(),
                            runs,
                            naive == 0 ? 0 : median(runs, BenchRun::rowsPerSecond) / naive)));
        });
        return lines;
    }

    private static double median(List<BenchRun> runs, ToDoubleFunction<BenchRun> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length == 0
                ? 0
                : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private String table(List<Line> lines) {
        StringBuilder text = new StringBuilder(format(
                "%,d rows, PostgreSQL %s, %d processors, medians of the runs.%n%n"
                        + "| table | way | beside 200 tps | runs | rows/s | ÷ naive | WAL bytes/row | app p99 ms: before, beside"
                        + " | ratio | app longest ms | verifying ÷ filling | error of time left | MiB |%n"
                        + "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|%n",
                rows, postgres, Runtime.getRuntime().availableProcessors()));
        for (Line line : lines) {
            double counting = line.of(
                    run -> run.work().counting() / Math.max(1e-9, run.work().seconds()));
            text.append(format(
                    "| %s | %s | %s | %d | %,.0f | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                    line.table,
                    line.way,
                    line.loaded ? "yes" : "no",
                    line.runs.size(),
                    line.of(BenchRun::rowsPerSecond),
                    known("%.2f", line.ratio),
                    known("%.0f", line.of(BenchRun::walBytesPerRow)),
                    line.loaded
                            ? format(
                                    "%.1f, %.1f",
                                    line.of(run -> run.before().p99()),
                                    line.of(run -> run.beside().p99()))
                            : "",
                    known("%.1f", line.of(BenchRun::p99Ratio)),
                    known("%.0f", line.of(run -> run.beside().longest())),
                    known("%.2f", counting),
                    known("%.0f %%", 100 * line.of(run -> run.work().estimateError())),
                    known("%.0f", line.of(run -> run.work().memoryMiB()))));
        }
        return text.toString();
    }

    private static String known(String form, double figure) {
        return figure > 0 ? format(form, figure) : "";
    }

    static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
