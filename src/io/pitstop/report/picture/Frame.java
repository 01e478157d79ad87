package io.pitstop.report.picture;

import io.pitstop.report.picture.Svg.Anchor;
import java.time.Instant;

/** Where a lane is drawn, and with which colours. */
record Frame(Axis axis, Ink ink, double top, double bottom) {
    double x(Instant at) {
        return axis.x(at);
    }

    /** @param share from 0, the bottom, to 1 */
    double y(double share) {
        return bottom - Math.max(0, Math.min(1, share)) * (bottom - top);
    }

    /** A line over the whole lane, with a word at its left. */
    void rule(Svg svg, double share, String word) {
        double y = y(share);
        svg.line("M" + axis.left() + " " + Svg.number(y) + " H" + axis.right(), ink.faint(), 1, "");
        svg.text(axis.left() - 5, y + 4, Anchor.END, ink.quiet(), word);
    }

    /** In place of a drawing. */
    void nothing(Svg svg, String why) {
        svg.text(axis.left() + 6, (top + bottom) / 2 + 4, Anchor.START, ink.quiet(), why);
    }

    String place(Instant at, double share) {
        return Svg.number(x(at)) + " " + Svg.number(y(share));
    }
}
