package io.pitstop.draft.table;

import io.pitstop.error.InvalidConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads columns as a person writes them: {@code name text NOT NULL, points int DEFAULT 0}. */
public final class Definition {
    private static final Pattern COLUMN = Pattern.compile(
            "(?is)(\"(?:[^\"]|\"\")+\"|\\w+)\\s+(.+?)(?<words>(?:\\s+(?:NOT\\s+NULL|NULL)\\b|\\s+DEFAULT\\s+.+)*)");
    private static final Pattern DEFAULT =
            Pattern.compile("(?is)\\bDEFAULT\\s+(.+?)(?:\\s+(?:NOT\\s+NULL|NULL))?\\s*$");
    private static final Pattern NOT_NULL = Pattern.compile("(?i)\\bNOT\\s+NULL\\b");

    private Definition() {}

    /** @throws InvalidConfig naming what is not understood */
    public static List<Column> columns(String text) {
        return parts(text).stream().map(Definition::column).toList();
    }

    private static Column column(String text) {
        Matcher column = COLUMN.matcher(text.strip());
        if (!column.matches()) {
            throw new InvalidConfig(
                    "The column \"" + text.strip() + "\" is not understood.",
                    "Write name and type, such as \"name text NOT NULL, points int DEFAULT 0\".");
        }
        String words = column.group("words");
        Matcher byDefault = DEFAULT.matcher(words);
        return new Column(
                Identifier.unquoted(column.group(1)),
                column.group(2).strip(),
                NOT_NULL.matcher(words).find(),
                byDefault.find() ? Optional.of(byDefault.group(1).strip()) : Optional.empty(),
                false);
    }

    /** Between commas that stand in no parentheses and in no literal. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean literal = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            literal ^= c == '\'';
            if (!literal && c == '(') {
                depth++;
            } else if (!literal && c == ')') {
                depth--;
            } else if (!literal && depth == 0 && c == ',') {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
