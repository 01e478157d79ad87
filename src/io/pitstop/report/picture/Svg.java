package io.pitstop.report.picture;

import java.util.Locale;

/** Shapes of a picture, one behind the other. Everything about their looks is an attribute of theirs. */
final class Svg {
    private final StringBuilder shapes = new StringBuilder();
    private final Ink ink;

    Svg(Ink ink) {
        this.ink = ink;
    }

    /** Where a text begins, ends or has its middle. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    Svg text(double x, double y, Anchor anchor, String colour, String words) {
        shapes.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
        shapes.append("\" fill=\"").append(colour);
        if (anchor != Anchor.START) {
            shapes.append("\" text-anchor=\"").append(anchor == Anchor.END ? "end" : "middle");
        }
        shapes.append("\">").append(escaped(words)).append("</text>\n");
        return this;
    }

    Svg title(double y, String words) {
        shapes.append("<text x=\"2\" y=\"").append(number(y)).append("\" font-weight=\"600\" fill=\"");
        shapes.append(ink.text()).append("\">").append(escaped(words)).append("</text>\n");
        return this;
    }

    Svg box(double x, double y, double width, double height, String fill) {
        shapes.append("<rect x=\"").append(number(x)).append("\" y=\"").append(number(y));
        shapes.append("\" width=\"")
                .append(number(width))
                .append("\" height=\"")
                .append(number(height));
        shapes.append("\" fill=\"").append(fill).append("\"/>\n");
        return this;
    }

    Svg dot(double x, double y, double radius, String fill) {
        shapes.append("<circle cx=\"").append(number(x)).append("\" cy=\"").append(number(y));
        shapes.append("\" r=\"")
                .append(number(radius))
                .append("\" fill=\"")
                .append(fill)
                .append("\"/>\n");
        return this;
    }

    /** @param dashes such as {@code 4 3}; empty for a line without gaps */
    Svg line(String path, String colour, double width, String dashes) {
        shapes.append("<path d=\"")
                .append(path)
                .append("\" fill=\"none\" stroke=\"")
                .append(colour);
        shapes.append("\" stroke-width=\"").append(number(width));
        if (!dashes.isEmpty()) {
            shapes.append("\" stroke-dasharray=\"").append(dashes);
        }
        shapes.append("\"/>\n");
        return this;
    }

    Svg area(String path, String fill) {
        shapes.append("<path d=\"")
                .append(path)
                .append("\" fill=\"")
                .append(fill)
                .append("\"/>\n");
        return this;
    }

    String document(int width, int height, int fontSize, String inWords) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height
                + "\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\" font-family=\"system-ui, sans-serif\""
                + " font-size=\"" + fontSize + "\">\n<title>" + escaped(inWords) + "</title>\n<rect width=\"" + width
                + "\" height=\"" + height + "\" fill=\"" + ink.paper() + "\"/>\n" + shapes + "</svg>\n";
    }

    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
