package io.pitstop.report;

import java.util.List;

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

    Html picture(String file, String inWords) {
        text.append("<img src=\"").append(escaped(file)).append("\" alt=\"").append(escaped(inWords));
        text.append("\">\n");
        return this;
    }

    /** Adds a table under its own heading; nothing if it has no rows. */
    Html table(String title, List<String> columns, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return this;
        }
        element("h2", title);
        // A wide table scrolls by itself, so that the page still fits a phone.
        text.append("<div class=\"wide\" tabindex=\"0\"><table>\n<tr>");
        columns.forEach(column -> cell("th", " scope=\"col\"", column));
        text.append("</tr>\n");
        for (List<String> row : rows) {
            text.append("<tr>");
            row.forEach(value -> cell("td", "", value));
            text.append("</tr>\n");
        }
        text.append("</table></div>\n");
        return this;
    }

    private void cell(String name, String attributes, String content) {
        text.append('<').append(name).append(attributes).append('>').append(escaped(content));
        text.append("</").append(name).append('>');
    }

    /** The whole document. */
    String document(String title) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + escaped(title)
                + "</title>\n<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n<main>\n" + text
                + "</main>\n</body>\n</html>\n";
    }
}
