package io.pitstop.report.picture;

/**
 * The colours of a picture. They are attributes of its shapes, since a style in it would be refused by the content
 * security policy of Jenkins once somebody opens the picture by itself; so there is one picture for each theme.
 *
 * @param paper the background
 * @param text at least 4.5 : 1 on paper
 * @param faint lines that only guide the eye
 */
record Ink(
        String paper,
        String text,
        String quiet,
        String faint,
        String blue,
        String blueArea,
        String green,
        String greenArea,
        String good,
        String bad,
        String open) {
    static final Ink LIGHT = new Ink(
            "#ffffff", "#1b1f24", "#57606a", "#d0d7de", "#0b57d0", "#c9dcfa", "#1a6b2f", "#c3e6cb", "#1a6b2f",
            "#b3261e", "#8a5300");
    static final Ink DARK = new Ink(
            "#14181d", "#e6edf3", "#a3adb8", "#3b434c", "#79b0ff", "#1d3557", "#6fd18a", "#1c4029", "#6fd18a",
            "#ff8f87", "#f0b35a");

    String line(String colour) {
        return colour.equals("blue") ? blue : green;
    }

    String area(String colour) {
        return colour.equals("blue") ? blueArea : greenArea;
    }
}
