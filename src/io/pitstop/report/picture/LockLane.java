package io.pitstop.report.picture;

import io.pitstop.report.story.Locked;
import io.pitstop.report.story.Story;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The longest that somebody may have waited for a lock because of each migration. */
final class LockLane implements Lane {
    private final List<Locked> locked;
    private final long most;

    LockLane(Story story) {
        locked = story.locked().stream()
                .filter(one -> one.longestTryMs().isPresent())
                .toList();
        long worst = locked.stream()
                .mapToLong(one -> one.longestTryMs().orElse(0))
                .max()
                .orElse(1);
        long scale = 10;
        while (scale < worst) {
            scale = scale * (Long.toString(scale).startsWith("2") ? 5 : 4) / 2;
        }
        most = scale;
    }

    @Override
    public String title() {
        return "Longest lock of each migration, ms";
    }

    @Override
    public int height() {
        return locked.isEmpty() ? 30 : 60;
    }

    @Override
    public void draw(Svg svg, Frame frame) {
        if (locked.isEmpty()) {
            frame.nothing(svg, "no migration was applied, or nobody noted what its locks took");
            return;
        }
        frame.rule(svg, 0, "0");
        frame.rule(svg, 1, String.valueOf(most));
        for (Locked one : locked) {
            double share = (double) one.longestTryMs().orElse(0) / most;
            svg.line(
                    "M" + frame.place(one.at(), 0) + " L" + frame.place(one.at(), share),
                    frame.ink().text(),
                    1.5,
                    "");
            svg.dot(frame.x(one.at()), frame.y(share), 2.5, frame.ink().text());
        }
    }

    @Override
    public String inWords() {
        return locked.stream()
                .max(Comparator.comparingLong(one -> one.longestTryMs().orElse(0)))
                .map(worst -> String.format(
                        Locale.ROOT,
                        "Of %d migrations %s took the longest with its locks: %d ms.",
                        locked.size(),
                        worst.script(),
                        worst.longestTryMs().orElse(0)))
                .orElse("What the locks of migrations took is not known.");
    }
}
