package io.pitstop.bench;

import static io.pitstop.bench.BenchReport.format;

import io.pitstop.bench.BenchReport.Line;
import java.util.List;

/** Bars of the speed against the naive UPDATE, and what the application notices beside them. */
final class BenchPlot {
    private static final int BAR = 22;
    private static final int LEFT = 300;
    private static final double WIDTH = 360;

    private final List<Line> lines;

    BenchPlot(List<Line> lines) {
        this.lines = lines.stream().filter(line -> line.ratio() > 0).toList();
    }

    String svg() {
        double scale = WIDTH
                / Math.max(1, lines.stream().mapToDouble(Line::ratio).max().orElse(1));
        int height = 60 + BAR * lines.size();
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                        + "<text x=\"10\" y=\"20\" font-size=\"14\">rows/s ÷ naive UPDATE of the same change</text>%n"
                        + "<line x1=\"%.0f\" y1=\"30\" x2=\"%.0f\" y2=\"%d\" stroke=\"gray\" stroke-dasharray=\"4\"/>%n",
                height, LEFT + scale, LEFT + scale, height - 20));
        for (int i = 0; i < lines.size(); i++) {
            svg.append(bar(lines.get(i), 36 + BAR * i, scale));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String bar(Line line, int y, double scale) {
        String name = line.table() + ": " + line.way() + (line.loaded() ? ", beside 200 tps" : "");
        String beside = line.loaded() ? format(", app p99 × %.1f", line.of(BenchRun::p99Ratio)) : "";
        return format("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", LEFT - 10, y + 13, name)
                + format(
                        "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>%n",
                        LEFT,
                        y,
                        Math.max(1, line.ratio() * scale),
                        BAR - 5,
                        line.way().startsWith("pitstop") ? "#2a7" : "#999")
                + format(
                        "<text x=\"%.0f\" y=\"%d\" stroke=\"white\" stroke-width=\"4\" paint-order=\"stroke\">%.2f%s</text>%n",
                        LEFT + 6 + line.ratio() * scale, y + 13, line.ratio(), beside);
    }
}
