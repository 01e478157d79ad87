package io.pitstop.report.picture;

import io.pitstop.report.picture.Svg.Anchor;
import io.pitstop.report.story.Share;
import io.pitstop.report.story.Story;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Which part of the users each colour has: the new version's from below, the old one's from above. */
final class SplitLane implements Lane {
    private static final double LABEL = 40;

    private final String candidate;
    private final String incumbent;
    private final List<Share> shares;
    private final Instant begin;
    private final Instant end;

    SplitLane(Story story) {
        candidate = story.account().status().candidate().toString();
        incumbent = story.account().status().candidate().other().toString();
        shares = story.shares();
        begin = story.begin();
        end = story.end();
    }

    @Override
    public String title() {
        return "Users on " + candidate + ", the new version, %";
    }

    @Override
    public int height() {
        return 80;
    }

    @Override
    public void draw(Svg svg, Frame frame) {
        Ink ink = frame.ink();
        int left = frame.axis().left();
        int right = frame.axis().right();
        svg.box(left, frame.top(), right - left, frame.bottom() - frame.top(), ink.area(incumbent));
        StringBuilder line = new StringBuilder("M" + frame.place(begin, 0));
        for (Share share : shares) {
            line.append(" H").append(Svg.number(frame.x(share.at())));
            line.append(" V").append(Svg.number(frame.y(share.percent() / 100.0)));
        }
        line.append(" H").append(Svg.number(frame.x(end)));
        svg.area(line + " V" + Svg.number(frame.bottom()) + " H" + left + " Z", ink.area(candidate));
        frame.rule(svg, 0, "0");
        frame.rule(svg, 0.5, "50");
        frame.rule(svg, 1, "100");
        svg.line(line.toString(), ink.line(candidate), 2, "");
        labels(svg, frame);
    }

    /** Where a share lasts long enough for its label. */
    private void labels(Svg svg, Frame frame) {
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            double x = frame.x(share.at());
            double until = i + 1 < shares.size()
                    ? frame.x(shares.get(i + 1).at())
                    : frame.axis().right();
            if (until - x >= LABEL) {
                double y = frame.y(share.percent() / 100.0);
                svg.text(
                        x + 4,
                        y - frame.top() < LABEL / 2 ? y + 14 : y - 4,
                        Anchor.START,
                        frame.ink().text(),
                        share.percent() + " %");
            }
        }
        svg.text(
                frame.axis().left() + 4,
                frame.top() + 14,
                Anchor.START,
                frame.ink().text(),
                incumbent);
    }

    @Override
    public String inWords() {
        return shares.isEmpty()
                ? "No user was moved: " + incumbent + " has all of them."
                : shares.stream()
                        .map(share -> share.percent() + " % from " + Clock.time(share.at()))
                        .collect(Collectors.joining(", ", "Users of " + candidate + ": 0 %, ", "."));
    }
}
