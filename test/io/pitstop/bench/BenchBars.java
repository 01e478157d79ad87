package io.pitstop.bench;

import static io.pitstop.bench.BenchReport.format;

import io.pitstop.bench.BenchReport.Line;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What was set as a goal, what came of it, and whether that is enough. */
final class BenchBars {
    /** Of the naive UPDATE, as it was measured once, with batches of 10,000 rows; where its binary is absent. */
    private static final double PGROLL = 0.31;

    private final List<Line> lines;
    private final long rows;

    BenchBars(List<Line> lines, long rows) {
        this.lines = lines;
        this.rows = rows;
    }

    String table() {
        StringBuilder text = new StringBuilder("| bar | table | asked | measured | |\n|---|---|--:|--:|---|\n");
        for (String table : List.of("users", "posts")) {
            boolean users = table.equals("users");
            atLeast(
                    text,
                    "rows/s, idle, one connection ÷ naive",
                    table,
                    users ? 0.95 : 0.85,
                    ratio(table, "pitstop", false));
            atLeast(
                    text,
                    "rows/s with 2 workers ÷ naive",
                    table,
                    users ? 1.2 : 1.05,
                    ratio(table, "pitstop, 2 workers", false));
            atLeast(
                    text,
                    "rows/s, one connection ÷ pgroll's",
                    table,
                    3,
                    ratio(table, "pitstop", false) / pgroll(table));
            atLeast(
                    text,
                    "rows/s with 2 workers ÷ pgroll's",
                    table,
                    3,
                    ratio(table, "pitstop, 2 workers", false) / pgroll(table));
            atMost(text, "app p99 beside ÷ before", table, 1.5, figure(table, "pitstop", true, BenchRun::p99Ratio));
            atMost(
                    text,
                    "longest statement of the application, ms",
                    table,
                    250,
                    figure(table, "pitstop", true, run -> run.beside().longest()));
            atLeast(text, "rows/s beside 200 tps ÷ naive", table, 0.5, ratio(table, "pitstop", true));
            double naive = figure(table, "naive UPDATE", false, BenchRun::walBytesPerRow);
            atMost(
                    text,
                    "WAL bytes per row ÷ naive",
                    table,
                    1.05,
                    figure(table, "pitstop", false, BenchRun::walBytesPerRow) / naive);
            atMost(
                    text,
                    "error of the time left from 10 % on",
                    table,
                    0.2,
                    figure(table, "pitstop", false, run -> run.work().estimateError()));
            atMost(
                    text,
                    "whole-table comparison ÷ backfill time",
                    table,
                    0.1,
                    figure(table, "pitstop", false, BenchRun::comparingShare));
        }
        return text.append(memory()).toString();
    }

    private String memory() {
        StringBuilder text = new StringBuilder();
        double[] peaks = lines.stream()
                .filter(line -> line.table().equals("numbers"))
                .mapToDouble(line -> line.of(run -> run.work().memoryMiB()))
                .toArray();
        if (peaks.length == 2) {
            atMost(text, format("memory of the agent, %,d rows, MiB", 10 * rows), "numbers", 256, peaks[1]);
            atMost(text, format("memory, %,d ÷ %,d rows", 10 * rows, rows), "numbers", 1.1, peaks[1] / peaks[0]);
        }
        DoubleStream all =
                lines.stream().mapToDouble(line -> line.of(run -> run.work().memoryMiB()));
        atMost(text, "most memory of all runs, MiB", "all", 256, all.max().orElse(0));
        return text.toString();
    }

    private double pgroll(String table) {
        double measured = ratio(table, "pgroll", false);
        return measured > 0 ? measured : PGROLL;
    }

    private double ratio(String table, String way, boolean loaded) {
        return line(table, way, loaded).map(Line::ratio).orElse(0.0);
    }

    private double figure(String table, String way, boolean loaded, ToDoubleFunction<BenchRun> figure) {
        return line(table, way, loaded).map(line -> line.of(figure)).orElse(0.0);
    }

    private Optional<Line> line(String table, String way, boolean loaded) {
        return lines.stream()
                .filter(line -> line.table().equals(table) && line.way().equals(way) && line.loaded() == loaded)
                .findFirst();
    }

    private static void atLeast(StringBuilder text, String bar, String table, double asked, double measured) {
        row(text, bar, table, "≥ " + asked, measured, measured >= asked);
    }

    private static void atMost(StringBuilder text, String bar, String table, double asked, double measured) {
        row(text, bar, table, "≤ " + asked, measured, measured <= asked);
    }

    private static void row(
            StringBuilder text, String bar, String table, String asked, double measured, boolean isMet) {
        boolean known = measured > 0 && !Double.isNaN(measured) && !Double.isInfinite(measured);
        text.append(format(
                "| %s | %s | %s | %s | %s |%n",
                bar,
                table,
                asked,
                known ? format("%.2f", measured) : "not measured",
                known ? (isMet ? "met" : "**missed**") : ""));
    }
}
