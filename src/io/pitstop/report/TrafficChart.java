package io.pitstop.report;

import io.pitstop.release.Event;
import io.pitstop.step.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How much of the traffic the new version had, and when, from the orders in the event log. */
final class TrafficChart {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 160;
    private static final int LEFT = 48;
    private static final int RIGHT = 784;
    private static final int TOP = 16;
    private static final int BOTTOM = 128;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    private final List<Order> orders;
    private final Instant begin;
    private final Instant end;

    private TrafficChart(List<Order> orders, Instant begin, Instant end) {
        this.orders = orders;
        this.begin = begin;
        this.end = end;
    }

    private record Order(Instant at, int percent) {}

    /** @param now to where a release that is under way is drawn */
    static TrafficChart of(Status.Report report, Instant now) {
        List<Order> orders = new ArrayList<>();
        for (Event event : report.events()) {
            switch (event.event()) {
                case "shift ordered" -> orders.add(new Order(event.at(), percent(event)));
                case "split put back", "rolled back" -> orders.add(new Order(event.at(), 0));
                default -> {}
            }
        }
        Instant end = report.finishedAt().orElse(now);
        return new TrafficChart(orders, report.openedAt(), end.isAfter(report.openedAt()) ? end : now);
    }

    private static int percent(Event event) {
        return event.particulars().get("percent") instanceof Number percent ? percent.intValue() : 0;
    }

    /** False if users never moved. */
    boolean hasMoves() {
        return !orders.isEmpty();
    }

    /** The picture for those who do not see it. */
    String inWords() {
        StringBuilder words = new StringBuilder("Traffic of the new version over time (UTC): 0 %");
        orders.forEach(order ->
                words.append(", ").append(order.percent()).append(" % from ").append(CLOCK.format(order.at())));
        return words.append('.').toString();
    }

    /** An SVG document without script and without inline style. */
    String svg() {
        StringBuilder line = new StringBuilder("M" + LEFT + " " + BOTTOM);
        StringBuilder labels = new StringBuilder();
        int labelled = -RIGHT;
        for (Order order : orders) {
            int x = x(order.at());
            int y = y(order.percent());
            line.append(" H").append(x).append(" V").append(y);
            // Orders that follow each other closely would write over one another.
            if (x - labelled > 44) {
                labels.append(text(Math.min(x + 3, RIGHT - 40), Math.max(y - 5, TOP - 4), order.percent() + " %"));
                labelled = x;
            }
        }
        line.append(" H").append(RIGHT);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\""
                + " font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<rect width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" fill=\"#ffffff\"/>\n"
                + rule(y(0)) + rule(y(50)) + rule(y(100))
                + "<path d=\"" + line + " V" + BOTTOM + " H" + LEFT + "\" fill=\"#2e7d32\" fill-opacity=\"0.18\"/>\n"
                + "<path d=\"" + line + "\" fill=\"none\" stroke=\"#2e7d32\" stroke-width=\"2\"/>\n"
                + text(4, y(100) + 4, "100 %") + text(4, y(50) + 4, "50 %") + text(4, y(0) + 4, "0 %") + labels
                + text(LEFT, HEIGHT - 12, CLOCK.format(begin))
                + text(RIGHT - 50, HEIGHT - 12, CLOCK.format(end)) + "</svg>\n";
    }

    private int x(Instant at) {
        double share = (double) Duration.between(begin, at).toMillis()
                / Math.max(1, Duration.between(begin, end).toMillis());
        return LEFT + (int) Math.round(Math.min(1, Math.max(0, share)) * (RIGHT - LEFT));
    }

    private static int y(int percent) {
        return BOTTOM - percent * (BOTTOM - TOP) / 100;
    }

    private static String rule(int y) {
        return String.format(
                Locale.ROOT, "<path d=\"M%d %d H%d\" stroke=\"#9e9e9e\" stroke-width=\"0.5\"/>%n", LEFT, y, RIGHT);
    }

    private static String text(int x, int y, String words) {
        return "<text x=\"" + x + "\" y=\"" + y + "\" fill=\"#212121\">" + words + "</text>\n";
    }
}
