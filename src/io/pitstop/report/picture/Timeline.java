package io.pitstop.report.picture;

import io.pitstop.report.picture.Axis.Piece;
import io.pitstop.report.picture.Svg.Anchor;
import io.pitstop.report.story.Mark;
import io.pitstop.report.story.Story;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All lanes of a release on one axis of time, for wide and narrow screens, light and dark. */
public final class Timeline {
    private static final int TITLE = 27;
    private static final int GAP = 10;
    private static final int AXIS = 40;
    private static final int HEAD = 20;
    private static final int LEFT = 44;
    private static final int TICK_ROOM = 74;
    private static final int FONT = 12;
    private static final long[] TICKS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800
    };

    private static final int WIDE_WIDTH = 1_040;
    private static final int NARROW_WIDTH = 344;

    private final Story story;

    public Timeline(Story story) {
        this.story = story;
    }

    private List<Lane> lanes(boolean narrow) {
        return List.of(
                new StepLane(story, narrow),
                new SplitLane(story),
                new LatencyLane(story),
                new ErrorLane(story),
                new BackfillLane(story),
                new LockLane(story));
    }

    /** The picture's files by name. */
    public Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("timeline.svg", svg(Ink.LIGHT, false));
        files.put("timeline-dark.svg", svg(Ink.DARK, false));
        files.put("timeline-narrow.svg", svg(Ink.LIGHT, true));
        files.put("timeline-narrow-dark.svg", svg(Ink.DARK, true));
        return files;
    }

    /** The picture for those who do not see it. */
    public String inWords() {
        return lanes(false).stream().map(Lane::inWords).collect(Collectors.joining(" "));
    }

    private String svg(Ink ink, boolean narrow) {
        List<Lane> lanes = lanes(narrow);
        int width = narrow ? NARROW_WIDTH : WIDE_WIDTH;
        Svg svg = new Svg(ink);
        Axis axis = Axis.of(story, LEFT, width - 8);
        int bottom = HEAD
                + lanes.stream().mapToInt(lane -> TITLE + lane.height() + GAP).sum();
        folds(svg, axis, ink, bottom);
        int y = HEAD;
        for (Lane lane : lanes) {
            svg.title(y + 14, lane.title());
            Frame frame = new Frame(axis, ink, y + TITLE, y + TITLE + lane.height());
            lane.draw(svg, frame);
            y += TITLE + lane.height() + GAP;
        }
        marks(svg, axis, ink, bottom);
        ticks(svg, axis, ink, bottom);
        return svg.document(width, bottom + AXIS, FONT, inWords());
    }

    private static void folds(Svg svg, Axis axis, Ink ink, int bottom) {
        for (Piece piece : axis.pieces()) {
            if (piece.folded()) {
                svg.line("M" + Svg.number(piece.begin()) + " " + HEAD + " V" + bottom, ink.faint(), 1, "2 3");
                svg.line("M" + Svg.number(piece.end()) + " " + HEAD + " V" + bottom, ink.faint(), 1, "2 3");
                svg.text(
                        (piece.begin() + piece.end()) / 2,
                        bottom + 30,
                        Anchor.MIDDLE,
                        ink.quiet(),
                        Clock.length(piece.time()));
                svg.text((piece.begin() + piece.end()) / 2, bottom + 14, Anchor.MIDDLE, ink.quiet(), "//");
            }
        }
    }

    /** Numbers that the page explains; of those that would write over one another, the first. */
    private void marks(Svg svg, Axis axis, Ink ink, int bottom) {
        double written = 0;
        for (Mark mark : story.marks()) {
            double x = axis.x(mark.at());
            svg.line("M" + Svg.number(x) + " " + HEAD + " V" + bottom, ink.quiet(), 1, "1 3");
            if (x - written > 15) {
                svg.text(x, HEAD - 5, Anchor.MIDDLE, ink.text(), String.valueOf(mark.number()));
                written = x;
            }
        }
    }

    private static void ticks(Svg svg, Axis axis, Ink ink, int bottom) {
        double written = -TICK_ROOM;
        for (Piece piece : axis.pieces()) {
            if (piece.folded()) {
                continue;
            }
            double width = piece.end() - piece.begin();
            long every = every(piece.time(), width);
            long first = -Math.floorDiv(-piece.from().toEpochMilli(), every * 1_000) * every;
            for (long at = first; at * 1_000 <= piece.until().toEpochMilli(); at += every) {
                Instant tick = Instant.ofEpochSecond(at);
                double x = axis.x(tick);
                svg.line("M" + Svg.number(x) + " " + bottom + " v4", ink.quiet(), 1, "");
                if (x - written >= TICK_ROOM && x - 24 > 0 && x + 24 < axis.right() + 8) {
                    svg.text(x, bottom + 16, Anchor.MIDDLE, ink.quiet(), Clock.shortTime(tick));
                    written = x;
                }
            }
        }
    }

    /** Seconds from one tick to the next so that their labels do not touch. */
    private static long every(Duration time, double width) {
        for (long seconds : TICKS) {
            if (width * seconds * 1_000 / Math.max(1, time.toMillis()) >= TICK_ROOM) {
                return seconds;
            }
        }
        return TICKS[TICKS.length - 1];
    }
}
