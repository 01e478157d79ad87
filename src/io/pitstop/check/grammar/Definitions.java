package io.pitstop.check.grammar;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The part of a script that says what there is: CREATE, ALTER, DROP and the like, without what fills the tables. */
final class Definitions {
    private static final Set<String> BEGIN = Set.of("create", "alter", "drop", "do");

    private Definitions() {}

    /** The text with everything else blanked, so that nothing moves. */
    static String only(Lines lines, List<Token> tokens) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        Token first = null;
        for (Token token : tokens) {
            if (first == null && token.isCode()) {
                first = token;
            }
            if (token.kind() == Token.Kind.SEMICOLON) {
                append(lines.between(from, token.end()), first, text);
                from = token.end();
                first = null;
            }
        }
        append(lines.between(from, lines.bytes()), first, text);
        return text.toString();
    }

    private static void append(String part, Token first, StringBuilder text) {
        boolean defines = first != null && BEGIN.contains(first.text().toLowerCase(Locale.ROOT));
        // Letters of several bytes become as many blanks as they have bytes, or places behind them would move.
        text.append(defines ? part : blank(part));
    }

    private static String blank(String part) {
        StringBuilder blank = new StringBuilder();
        part.codePoints().forEach(c -> blank.append(c == '\n' ? "\n" : " ".repeat(bytes(c))));
        return blank.toString();
    }

    private static int bytes(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
}
