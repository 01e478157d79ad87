package io.pitstop.backfill.file;

import io.pitstop.backfill.file.BatchStatement.Bound;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Takes the text of a backfill file apart: statements end at a semicolon, {@code :from}, {@code :to} and {@code :batch}
 * are placeholders, and inside of literals, quoted names, comments and dollar quotes nothing is either.
 */
final class StatementReader {
    private final Path file;
    private final String text;
    private final List<String> columns;
    private final List<BatchStatement> statements = new ArrayList<>();
    private final StringBuilder sql = new StringBuilder();
    private final List<Bound> parameters = new ArrayList<>();
    private int at;
    private int line = 1;
    private int beginsAt;
    private boolean followsTheWalk = true;

    /** @param columns those that are walked: a placeholder has a value for each of them */
    StatementReader(Path file, String text, List<String> columns) {
        this.file = file;
        this.text = text;
        this.columns = columns;
    }

    /** @throws InvalidConfig naming file and line */
    List<BatchStatement> read() {
        while (at < text.length()) {
            step();
        }
        end();
        return statements;
    }

    private void step() {
        char c = text.charAt(at);
        if (text.startsWith("--", at)) {
            skip(lineEnd());
        } else if (text.startsWith("/*", at)) {
            skip(commentEnd());
        } else if (c == '\'') {
            copy(quoteEnd(c, isEscapeString()));
        } else if (c == '"') {
            copy(quoteEnd(c, false));
        } else if (c == '$' && !isInsideWord() && dollarTag() != null) {
            copy(dollarEnd(dollarTag()));
        } else if (text.startsWith("::", at)) {
            copy(at + 2);
        } else if (c == ':') {
            colon();
        } else if (c == ';') {
            at++;
            end();
        } else if (c == '?') {
            at++;
            sql.append("??"); // the driver's way to write the operator
        } else {
            copy(at + 1);
        }
    }

    private void colon() {
        int end = at + 1;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        String name = text.substring(at + 1, end).toLowerCase(Locale.ROOT);
        if (name.equals("from") || name.equals("to")) {
            begin();
            followsTheWalk = false;
            sql.append(values(name.equals("from") ? Bound.FROM : Bound.TO));
            at = end;
        } else if (name.equals("batch")) {
            begin();
            at = end;
            String walked = row(qualified(alias()));
            sql.append(walked).append(" BETWEEN ").append(values(Bound.FROM));
            sql.append(" AND ").append(values(Bound.TO));
        } else {
            copy(at + 1); // the slice of an array
        }
    }

    /** As many parameters as there are columns. */
    private String values(Bound bound) {
        columns.forEach(column -> parameters.add(bound));
        return row(columns.stream().map(column -> "?").toList());
    }

    /** The name in the brackets that may follow {@code :batch}; empty if there are none. */
    private String alias() {
        int end = text.indexOf(')', at);
        boolean named = text.startsWith("(", at) && end > at + 1;
        String name = named ? text.substring(at + 1, end).strip() : "";
        if (named) {
            at = end + 1;
        }
        return name;
    }

    private List<String> qualified(String alias) {
        return columns.stream()
                .map(column -> alias.isEmpty() ? column : alias + "." + column)
                .toList();
    }

    private static String row(List<String> values) {
        return values.size() == 1 ? values.get(0) : values.stream().collect(Collectors.joining(", ", "(", ")"));
    }

    private void end() {
        if (!sql.toString().isBlank()) {
            if (!parameters.contains(Bound.FROM) || !parameters.contains(Bound.TO)) {
                throw invalid(
                        beginsAt,
                        "The statement does not keep to its batch.",
                        "Let it touch only rows with a key BETWEEN :from AND :to, or write WHERE :batch.");
            }
            statements.add(new BatchStatement(beginsAt, sql.toString().strip(), parameters, followsTheWalk));
        }
        sql.setLength(0);
        parameters.clear();
        beginsAt = 0;
        followsTheWalk = true;
    }

    private void copy(int end) {
        String part = text.substring(at, end);
        if (!part.isBlank()) {
            begin();
        }
        sql.append(part);
        advance(end);
    }

    /** A comment separates words. */
    private void skip(int end) {
        sql.append(' ');
        advance(end);
    }

    private void begin() {
        if (beginsAt == 0) {
            beginsAt = line;
        }
    }

    private void advance(int end) {
        line += (int) text.substring(at, end).chars().filter(c -> c == '\n').count();
        at = end;
    }

    private int lineEnd() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private int commentEnd() {
        int depth = 0;
        for (int i = at; i < text.length() - 1; i++) {
            if (text.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (text.startsWith("*/", i)) {
                depth--;
                i++;
            }
            if (depth == 0) {
                return i + 1;
            }
        }
        throw unended("comment");
    }

    private int quoteEnd(char quote, boolean escapes) {
        for (int i = at + 1; i < text.length(); i++) {
            if (escapes && text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i + 1; // a doubled quote begins the next literal at once, which comes to the same
            }
        }
        throw unended("quote");
    }

    private boolean isEscapeString() {
        boolean prefixed = at > 0 && (text.charAt(at - 1) == 'e' || text.charAt(at - 1) == 'E');
        return prefixed && (at == 1 || !isWord(text.charAt(at - 2)));
    }

    private String dollarTag() {
        int end = at + 1;
        while (end < text.length() && isWord(text.charAt(end)) && text.charAt(end) != '$') {
            end++;
        }
        boolean tag = end < text.length() && text.charAt(end) == '$' && !Character.isDigit(text.charAt(at + 1));
        return tag ? text.substring(at, end + 1) : null;
    }

    private int dollarEnd(String tag) {
        int end = text.indexOf(tag, at + tag.length());
        if (end < 0) {
            throw unended("dollar quote");
        }
        return end + tag.length();
    }

    private boolean isInsideWord() {
        return at > 0 && isWord(text.charAt(at - 1));
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private InvalidConfig unended(String what) {
        return invalid(line, "A " + what + " begins here and does not end.", "End it.");
    }

    private InvalidConfig invalid(int where, String what, String hint) {
        return new InvalidConfig(file + ":" + where + ": " + what, hint);
    }
}
