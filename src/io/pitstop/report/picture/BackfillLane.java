package io.pitstop.report.picture;

import io.pitstop.report.picture.Svg.Anchor;
import io.pitstop.report.story.Filled;
import io.pitstop.report.story.Story;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How far the backfill was: one line for each file. */
final class BackfillLane implements Lane {
    private final Map<String, List<Filled>> files;

    BackfillLane(Story story) {
        files = story.filled().stream()
                .collect(Collectors.groupingBy(Filled::file, LinkedHashMap::new, Collectors.toList()));
    }

    @Override
    public String title() {
        return "Backfill, % of the rows";
    }

    @Override
    public int height() {
        return files.isEmpty() ? 30 : 60;
    }

    @Override
    public void draw(Svg svg, Frame frame) {
        if (files.isEmpty()) {
            frame.nothing(svg, "no rows had to be filled");
            return;
        }
        frame.rule(svg, 0, "0");
        frame.rule(svg, 1, "100");
        for (List<Filled> file : files.values()) {
            StringBuilder path = new StringBuilder();
            for (Filled filled : file) {
                // From 0 on a run begins, or goes on after one that was cut short.
                path.append(path.isEmpty() || filled.percent() == 0 ? " M" : " L");
                path.append(frame.place(filled.at(), filled.percent() / 100.0));
            }
            Filled last = file.get(file.size() - 1);
            svg.line(path.toString().strip(), frame.ink().text(), 1.5, "");
            svg.dot(
                    frame.x(last.at()),
                    frame.y(last.percent() / 100.0),
                    2.5,
                    frame.ink().text());
            if (last.percent() < 100) {
                svg.text(
                        frame.x(last.at()) + 5,
                        frame.y(last.percent() / 100.0) + 4,
                        Anchor.START,
                        frame.ink().text(),
                        last.percent() + " %");
            }
        }
    }

    @Override
    public String inWords() {
        return files.isEmpty()
                ? "No rows had to be filled."
                : files.entrySet().stream()
                        .map(file -> file.getKey() + " " + last(file.getValue()).percent() + " % at "
                                + Clock.time(last(file.getValue()).at()))
                        .collect(Collectors.joining(", ", "Backfill: ", "."));
    }

    private static Filled last(List<Filled> file) {
        return file.get(file.size() - 1);
    }
}
