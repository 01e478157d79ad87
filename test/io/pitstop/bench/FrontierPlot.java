package io.pitstop.bench;

import static io.pitstop.bench.BenchReport.format;

import io.pitstop.bench.BenchReport.Line;
import java.util.ArrayList;
import java.util.List;

/** What the application notices, by the speed that it is the price of, and where both would be within their bars. */
final class FrontierPlot {
    private static final int LEFT = 80;
    private static final int TOP = 40;
    private static final double WIDTH = 620;
    private static final double HEIGHT = 240;
    private static final double FASTEST = 1.25;
    private static final double SLOWEST = 3;

    /** As the bars ask for. */
    private static final double RATE = 0.5;

    private static final double P99 = 1.5;

    private final List<Line> lines;

    /** Leaves out what would be far above the others, such as one UPDATE of all rows. */
    FrontierPlot(List<Line> lines) {
        this.lines = lines.stream()
                .filter(line -> line.loaded() && line.ratio() > 0)
                .filter(line -> p99(line) <= SLOWEST)
                .toList();
    }

    String svg() {
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"%.0f\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                        + "<text x=\"10\" y=\"20\" font-size=\"14\">app p99 beside ÷ before, by rows/s ÷ naive UPDATE;"
                        + " green: within both bars</text>%n",
                TOP + HEIGHT + 50));
        svg.append(format(
                "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" fill=\"#dfd\"/>%n",
                x(RATE), y(P99), x(FASTEST) - x(RATE), y(1) - y(P99)));
        for (double ratio = 1; ratio <= SLOWEST; ratio += 0.5) {
            svg.append(mark(LEFT - 10, y(ratio) + 4, "end", format("%.1f", ratio)))
                    .append(rule(LEFT, y(ratio), x(FASTEST), y(ratio), "#ddd"));
        }
        for (double rate = 0; rate <= FASTEST; rate += 0.25) {
            svg.append(mark(x(rate), y(1) + 20, "middle", format("%.2f", rate)));
        }
        joined().forEach(svg::append);
        lines.forEach(line -> svg.append(point(line)));
        return svg.append("</svg>\n").toString();
    }

    /** Ways of pitstop through the same table lie on one line. */
    private List<String> joined() {
        List<String> rules = new ArrayList<>();
        for (Line from : lines) {
            for (Line to : lines) {
                if (isOurs(from) && isOurs(to) && from.table().equals(to.table()) && from.ratio() < to.ratio()) {
                    rules.add(rule(x(from.ratio()), y(p99(from)), x(to.ratio()), y(p99(to)), "#2a7"));
                }
            }
        }
        return rules;
    }

    private static String point(Line line) {
        double x = x(line.ratio());
        double y = y(p99(line));
        return format("<circle cx=\"%.0f\" cy=\"%.0f\" r=\"5\" fill=\"%s\"/>%n", x, y, isOurs(line) ? "#2a7" : "#999")
                + mark(x + 9, y - 6, "start", line.table() + ", " + line.way());
    }

    private static String mark(double x, double y, String anchor, String text) {
        return format("<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
    }

    private static String rule(double x1, double y1, double x2, double y2, String colour) {
        return format(
                "<line x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\" stroke=\"%s\"/>%n", x1, y1, x2, y2, colour);
    }

    private static boolean isOurs(Line line) {
        return line.way().startsWith("pitstop");
    }

    private static double p99(Line line) {
        return line.of(BenchRun::p99Ratio);
    }

    private static double x(double rate) {
        return LEFT + rate / FASTEST * WIDTH;
    }

    private static double y(double ratio) {
        return TOP + HEIGHT - (Math.max(1, ratio) - 1) / (SLOWEST - 1) * HEIGHT;
    }
}
