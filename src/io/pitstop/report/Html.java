package io.pitstop.report;

import java.util.List;
import java.util.function.Consumer;

/** Elements of the page, one below the other; every text is escaped on its way in. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** Adds {@code <name>text</name>}. */
    Html element(String name, String content) {
        text.append('<').append(name).append('>').append(escaped(content));
        text.append("</").append(name).append(">\n");
        return this;
    }

    /** Adds {@code <name class="kind">text</name>}. */
    Html element(String name, String kind, String content) {
        text.append('<').append(name).append(" class=\"").append(escaped(kind)).append("\">");
        text.append(escaped(content)).append("</").append(name).append(">\n");
        return this;
    }

    /** Adds a part of the page that has a heading, and can be jumped to. */
    Html section(String id, String heading, Consumer<Html> content) {
        text.append("<section aria-labelledby=\"")
                .append(id)
                .append("\">\n<h2 id=\"")
                .append(id)
                .append("\">");
        text.append(escaped(heading)).append("</h2>\n");
        content.accept(this);
        text.append("</section>\n");
        return this;
    }

    /** Adds what a click or a key unfolds; on paper it is unfolded. */
    Html details(String summary, Consumer<Html> content) {
        text.append("<details><summary>").append(escaped(summary)).append("</summary>\n");
        content.accept(this);
        text.append("</details>\n");
        return this;
    }

    Html link(String id, String content) {
        text.append("<a href=\"#")
                .append(escaped(id))
                .append("\">")
                .append(escaped(content))
                .append("</a>\n");
        return this;
    }

    Html open(String name, String kind) {
        text.append('<').append(name).append(" class=\"").append(escaped(kind)).append("\">\n");
        return this;
    }

    Html close(String name) {
        text.append("</").append(name).append(">\n");
        return this;
    }

    /** Adds a picture that has a file for each width and theme: {@code name.svg}, {@code name-narrow-dark.svg} and so on. */
    Html picture(String name, String inWords) {
        text.append("<picture>\n");
        source(name + "-narrow-dark.svg", "screen and (max-width: 45rem) and (prefers-color-scheme: dark)");
        source(name + "-narrow.svg", "screen and (max-width: 45rem)");
        source(name + "-dark.svg", "screen and (prefers-color-scheme: dark)");
        text.append("<img src=\"").append(name).append(".svg\" alt=\"").append(escaped(inWords));
        text.append("\">\n</picture>\n");
        return this;
    }

    private void source(String file, String media) {
        text.append("<source srcset=\"")
                .append(file)
                .append("\" media=\"")
                .append(media)
                .append("\">\n");
    }

    /** Adds a list; nothing if it has no items. */
    Html list(String name, List<String> items) {
        if (!items.isEmpty()) {
            text.append('<').append(name).append(">\n");
            items.forEach(item -> element("li", item));
            text.append("</").append(name).append(">\n");
        }
        return this;
    }

    /** Adds a table; nothing if it has no rows. */
    Html table(String caption, List<String> columns, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return this;
        }
        // A wide table scrolls by itself, so that the page still fits a phone; by keys too, hence the tabindex.
        text.append("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"")
                .append(escaped(caption));
        text.append("\"><table>\n<caption>").append(escaped(caption)).append("</caption>\n<thead><tr>");
        columns.forEach(column -> cell("th", " scope=\"col\"", column));
        text.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            text.append("<tr>");
            row.forEach(value -> cell("td", "", value));
            text.append("</tr>\n");
        }
        text.append("</tbody></table></div>\n");
        return this;
    }

    private void cell(String name, String attributes, String content) {
        text.append('<').append(name).append(attributes).append('>').append(escaped(content));
        text.append("</").append(name).append('>');
    }

    /** The whole document. */
    String document(String title) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + escaped(title)
                + "</title>\n<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n" + text
                + "</body>\n</html>\n";
    }
}
