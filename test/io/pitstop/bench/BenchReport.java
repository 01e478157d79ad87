package io.pitstop.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Writes what was measured: raw as JSON, medians as a table in the README, and as a plot. */
final class BenchReport {
    private static final String BEGIN = "<!-- results -->";
    private static final String END = "<!-- end of results -->";
    private static final int BAR = 22;

    private final long rows;
    private final int runs;
    private final String postgres;
    private final Map<String, List<BenchRun>> results;

    BenchReport(long rows, int runs, String postgres, Map<String, List<BenchRun>> results) {
        this.rows = rows;
        this.runs = runs;
        this.postgres = postgres;
        this.results = results;
    }

    /** Medians of the runs of one way. */
    private record Line(
            String table,
            String way,
            boolean loaded,
            double rowsPerSecond,
            double ratio,
            double wal,
            double p99,
            double longest,
            double counting,
            double estimateError) {}

    void write(Path folder) throws IOException {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("rows", rows);
        raw.put("runs", runs);
        raw.put("postgres", postgres);
        raw.put("processors", Runtime.getRuntime().availableProcessors());
        raw.put("mostMemoryMiB", Runtime.getRuntime().maxMemory() >> 20);
        raw.put("results", results);
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(folder.resolve("results.json"), json.writeValueAsString(raw) + "\n");
        List<Line> lines = lines();
        Files.writeString(folder.resolve("backfill.svg"), plot(lines));
        Path readme = folder.resolve("README.md");
        String text = Files.readString(readme);
        String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
        Files.writeString(readme, before + "\n" + table(lines) + text.substring(text.indexOf(END)));
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (List<BenchRun> all : results.values()) {
            double naive = median(all, "naive UPDATE", false, BenchRun::rowsPerSecond);
            all.stream().map(run -> List.of(run.way(), run.loaded())).distinct().forEach(key -> {
                String way = (String) key.get(0);
                boolean loaded = (Boolean) key.get(1);
                double speed = median(all, way, loaded, BenchRun::rowsPerSecond);
                lines.add(new Line(
                        all.get(0).table(),
                        way,
                        loaded,
                        speed,
                        speed / naive,
                        median(all, way, loaded, BenchRun::walBytesPerRow),
                        median(all, way, loaded, run -> run.application().p99()),
                        median(all, way, loaded, run -> run.application().longest()),
                        median(
                                all,
                                way,
                                loaded,
                                run -> run.work().counting()
                                        / Math.max(1e-9, run.work().seconds())),
                        median(all, way, loaded, run -> run.work().estimateError())));
            });
        }
        return lines;
    }

    private static double median(List<BenchRun> runs, String way, boolean loaded, ToDoubleFunction<BenchRun> figure) {
        double[] sorted = runs.stream()
                .filter(run -> run.way().equals(way) && run.loaded() == loaded)
                .mapToDouble(figure)
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    private String table(List<Line> lines) {
        StringBuilder text = new StringBuilder(format(
                "%n%,d rows, PostgreSQL %s, %d processors, medians of %d runs.%n%n"
                        + "| table | way | beside 200 tps | rows/s | ÷ naive | WAL bytes/row | app p99 ms | app longest ms"
                        + " | verifying ÷ filling | error of time left |%n|---|---|---|--:|--:|--:|--:|--:|--:|--:|%n",
                rows, postgres, Runtime.getRuntime().availableProcessors(), runs));
        for (Line line : lines) {
            text.append(format(
                    "| %s | %s | %s | %,.0f | %.2f | %.0f | %s | %s | %s | %s |%n",
                    line.table,
                    line.way,
                    line.loaded ? "yes" : "no",
                    line.rowsPerSecond,
                    line.ratio,
                    line.wal,
                    line.loaded ? format("%.1f", line.p99) : "",
                    line.loaded ? format("%.0f", line.longest) : "",
                    line.counting > 0 ? format("%.2f", line.counting) : "",
                    line.estimateError > 0 ? format("%.0f %%", 100 * line.estimateError) : ""));
        }
        return text.append("\n").toString();
    }

    /** Bars of the speed against the naive UPDATE, and what the application notices beside them. */
    private static String plot(List<Line> lines) {
        List<Line> bars = lines.stream().filter(line -> line.rowsPerSecond > 0).toList();
        double most = Math.max(1, bars.stream().mapToDouble(Line::ratio).max().orElse(1));
        int height = 60 + BAR * bars.size();
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"860\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                        + "<text x=\"10\" y=\"20\" font-size=\"14\">rows/s ÷ naive UPDATE of the same change, idle</text>%n",
                height));
        double scale = 360 / most;
        svg.append(format(
                "<line x1=\"%.0f\" y1=\"30\" x2=\"%.0f\" y2=\"%d\" stroke=\"gray\" stroke-dasharray=\"4\"/>%n",
                300 + scale, 300 + scale, height - 20));
        for (int i = 0; i < bars.size(); i++) {
            Line line = bars.get(i);
            int y = 36 + BAR * i;
            String name = line.table + ": " + line.way + (line.loaded ? ", beside 200 tps" : "");
            String beside = line.loaded ? format(", app p99 %.1f ms", line.p99) : "";
            svg.append(format("<text x=\"290\" y=\"%d\" text-anchor=\"end\">%s</text>%n", y + 13, name));
            svg.append(format(
                    "<rect x=\"300\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>%n",
                    y, Math.max(1, line.ratio * scale), BAR - 5, line.way.startsWith("pitstop") ? "#2a7" : "#999"));
            svg.append(format(
                    "<text x=\"%.0f\" y=\"%d\">%.2f%s</text>%n", 306 + line.ratio * scale, y + 13, line.ratio, beside));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }

    @Override
    public String toString() {
        return Arrays.toString(results.keySet().toArray());
    }
}
