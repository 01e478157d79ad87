package io.pitstop.check.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The part of a script that says what there is: CREATE, ALTER and DROP of what somebody asks for. */
final class Definitions {
    private static final Set<String> BEGIN = Set.of("create", "alter", "drop", "do");
    /** They stand at the head of many statements and name nothing that somebody made. */
    private static final Set<String> COMMON = Set.of(
            ("add after all alter always and as before bigint boolean by cascade check column concurrently constraint"
                            + " create date default delete domain drop each execute exists extension for foreign from"
                            + " function generated identity if in index insert int integer into is jsonb key language"
                            + " materialized new not null numeric of old on only or primary procedure public references"
                            + " rename replace returns row schema select sequence set smallint sql statement table temp"
                            + " temporary text timestamptz to trigger truncate type unique unlogged update using uuid"
                            + " valid validate values varchar view when where with")
                    .split(" "));

    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

    private final Lines lines;
    private final Set<String> wanted;
    private final StringBuilder text = new StringBuilder();

    private Definitions(Lines lines, Set<String> wanted) {
        this.lines = lines;
        this.wanted = wanted;
    }

    /** All words of a script that may be names, in lower case. */
    static Set<String> words(String script) {
        return WORD.matcher(script)
                .results()
                .map(match -> match.group().toLowerCase(Locale.ROOT))
                .filter(word -> !COMMON.contains(word))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The text with everything else blanked, so that nothing moves.
     *
     * @param wanted words in lower case: a statement is left out if it is about none of them
     */
    static String only(Lines lines, List<Token> tokens, Set<String> wanted) {
        Definitions definitions = new Definitions(lines, wanted);
        int from = 0;
        List<Token> statement = new ArrayList<>();
        for (Token token : tokens) {
            statement.add(token);
            if (token.kind() == Token.Kind.SEMICOLON) {
                definitions.append(from, token.end(), statement);
                from = token.end();
                statement.clear();
            }
        }
        definitions.append(from, lines.bytes(), statement);
        return definitions.text.toString();
    }

    private void append(int from, int to, List<Token> statement) {
        List<Token> code = statement.stream().filter(Token::isCode).toList();
        String part = lines.between(from, to);
        // Letters of several bytes become as many blanks as they have bytes, or places behind them would move.
        text.append(!code.isEmpty() && isWanted(code) ? part : blank(part));
    }

    private boolean isWanted(List<Token> code) {
        String first = code.get(0).text().toLowerCase(Locale.ROOT);
        if (!BEGIN.contains(first)) {
            return false;
        }
        if (first.equals("do")) {
            return code.stream().anyMatch(token -> words(token.text()).stream().anyMatch(wanted::contains));
        }
        // What a statement is about stands before its first parenthesis.
        return code.stream()
                .takeWhile(token -> !token.text().equals("("))
                .flatMap(token -> words(token.text()).stream())
                .anyMatch(wanted::contains);
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
