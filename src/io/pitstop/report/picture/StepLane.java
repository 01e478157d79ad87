package io.pitstop.report.picture;

import io.pitstop.report.picture.Svg.Anchor;
import io.pitstop.report.story.Stint;
import io.pitstop.report.story.Story;
import java.util.List;
import java.util.stream.Collectors;

/** When each step ran, and how it ended: one row a step. */
final class StepLane implements Lane {
    private static final int ROW = 20;
    private static final int TALL_ROW = 32;
    private static final int BAR = 12;
    private static final double LETTER = 7.2;
    private static final double SHORTEST = 3;

    private final List<Stint> stints;
    private final List<String> steps;
    private final boolean narrow;

    /** @param narrow with labels above the bars, as there is no room beside them */
    StepLane(Story story, boolean narrow) {
        this.narrow = narrow;
        stints = story.stints();
        steps = stints.stream().map(Stint::step).distinct().toList();
    }

    @Override
    public String title() {
        return "Steps";
    }

    @Override
    public int height() {
        return Math.max(1, steps.size()) * row();
    }

    @Override
    public void draw(Svg svg, Frame frame) {
        if (stints.isEmpty()) {
            frame.nothing(svg, "no step has run yet");
        }
        for (int row = 0; row < steps.size(); row++) {
            String step = steps.get(row);
            double y = frame.top() + row * row();
            List<Stint> runs =
                    stints.stream().filter(stint -> stint.step().equals(step)).toList();
            runs.forEach(run -> bar(svg, frame, y, run));
            if (narrow) {
                labelAbove(svg, frame, y, runs);
            } else {
                label(svg, frame, y, runs);
            }
        }
    }

    private int row() {
        return narrow ? TALL_ROW : ROW;
    }

    private void bar(Svg svg, Frame frame, double y, Stint run) {
        double from = frame.x(run.from());
        double width = Math.max(SHORTEST, frame.x(run.until()) - from);
        double begin = Math.min(from, frame.axis().right() - width);
        svg.box(begin, y + row() - BAR - 4, width, BAR, colour(frame.ink(), run));
    }

    /** Beside the last run where there is room, else before the first. */
    private static void label(Svg svg, Frame frame, double y, List<Stint> runs) {
        Stint last = runs.get(runs.size() - 1);
        String words = words(runs);
        double end = Math.min(frame.axis().right(), Math.max(frame.x(last.until()), frame.x(last.from()) + SHORTEST));
        boolean room = end + 6 + words.length() * LETTER < frame.axis().right();
        double before = frame.x(runs.get(0).from()) - 6;
        svg.text(
                room ? end + 6 : before,
                y + ROW / 2.0 + 4,
                room ? Anchor.START : Anchor.END,
                frame.ink().text(),
                words);
    }

    private static void labelAbove(Svg svg, Frame frame, double y, List<Stint> runs) {
        String words = words(runs);
        double latest = frame.axis().right() - words.length() * LETTER;
        double x = Math.max(
                frame.axis().left(), Math.min(latest, frame.x(runs.get(0).from())));
        svg.text(x, y + 13, Anchor.START, frame.ink().text(), words);
    }

    private static String words(List<Stint> runs) {
        return runs.get(0).step() + " "
                + runs.stream().map(run -> run.ending().sign()).collect(Collectors.joining(" "));
    }

    private static String colour(Ink ink, Stint run) {
        return switch (run.ending()) {
            case DONE -> ink.good();
            case FAILED -> ink.bad();
            case HELD, REFUSED, RUNNING, CUT_SHORT -> ink.open();
        };
    }

    @Override
    public String inWords() {
        return stints.stream()
                .map(run -> run.step() + " " + run.ending().words() + " at " + Clock.time(run.until()))
                .collect(Collectors.joining(", ", "Steps: ", "."));
    }
}
