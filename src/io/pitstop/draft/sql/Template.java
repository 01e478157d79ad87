package io.pitstop.draft.sql;

import java.util.ArrayList;
import java.util.List;

/** A text with {@code @names@} to be replaced; a line with nothing but a name takes its indentation along. */
public final class Template {
    private String text;

    private Template(String text) {
        this.text = text;
    }

    public static Template of(String text) {
        return new Template(text);
    }

    /** A value of several lines is indented like the name; an empty one that stands alone takes its line away. */
    public Template put(String name, String value) {
        String mark = "@" + name + "@";
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.strip().equals(mark)) {
                String indent = line.substring(0, line.indexOf(mark));
                value.lines().map(each -> each.isEmpty() ? each : indent + each).forEach(lines::add);
            } else {
                lines.add(line.replace(mark, value));
            }
        }
        text = String.join("\n", lines);
        return this;
    }

    /** A comment, broken into lines. */
    public static String comment(String text) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder("--");
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > 118) {
                lines.append(line).append('\n');
                line = new StringBuilder("--");
            }
            line.append(' ').append(word);
        }
        return lines.append(line).toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
