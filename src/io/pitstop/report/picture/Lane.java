package io.pitstop.report.picture;

/** One thing over time. */
interface Lane {
    /** What is drawn, with its unit. */
    String title();

    /** Height of the drawing, without its title. */
    int height();

    /** Draws it; if there is nothing to draw, says why. */
    void draw(Svg svg, Frame frame);

    /** The drawing for those who do not see it: one sentence or more. */
    String inWords();
}
