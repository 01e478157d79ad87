package io.pitstop.check.rule;

import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Parsed;
import io.pitstop.check.grammar.Token;
import io.pitstop.check.schema.Name;
import io.pitstop.check.script.Script;
import io.pitstop.config.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two comments at the head of a backfill, as the backfill itself will read them. */
final class BackfillHeader {
    private static final Pattern LINE = Pattern.compile("--\\s*(backfill|remaining)\\s*:(.*)", Pattern.DOTALL);
    private static final Set<String> KEYS = Set.of("table", "key", "walk", "batch");

    private final Map<String, Token> lines = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** @param detail what is wrong, a sentence */
    record Problem(int line, String detail) {}

    private BackfillHeader() {}

    static BackfillHeader of(Script script, Grammar grammar) {
        BackfillHeader header = new BackfillHeader();
        script.tokens().stream()
                .filter(token -> token.kind() == Token.Kind.COMMENT)
                .forEach(header::add);
        header.lines.computeIfPresent("backfill", (name, token) -> header.readWalk(token));
        header.lines.computeIfPresent("remaining", (name, token) -> header.readRemaining(token, grammar));
        for (String name : List.of("backfill", "remaining")) {
            if (!header.lines.containsKey(name)) {
                header.problems.add(new Problem(1, "There is no line \"-- " + name + ": …\"."));
            }
        }
        return header;
    }

    /** In the order in which they were found. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The line of the comment that says which table is walked; 1 if there is none. */
    int line() {
        return lines.containsKey("backfill") ? lines.get("backfill").line() : 1;
    }

    /** Empty if the header does not say. */
    Optional<Name> table() {
        return Optional.ofNullable(values.get("table"))
                .map(name -> Name.of(Arrays.stream(name.split("\\."))
                        .map(BackfillHeader::unquoted)
                        .toList()));
    }

    /** As they are, for they are not quoted there; empty if it is left to the catalog, or the walk is along the heap. */
    List<String> key() {
        return Arrays.stream(values.getOrDefault("key", "").split(","))
                .filter(column -> !column.isBlank())
                .toList();
    }

    /** True if placeholders have their meaning from the header. */
    boolean saysHow() {
        return values.containsKey("key") || values.containsKey("walk");
    }

    private void add(Token comment) {
        Matcher line = LINE.matcher(comment.text().strip());
        if (!line.matches()) {
            return;
        }
        Token first = lines.putIfAbsent(line.group(1), comment);
        if (first != null) {
            problems.add(new Problem(
                    comment.line(), "There is a line \"" + line.group(1) + "\" already, line " + first.line() + "."));
        }
    }

    private Token readWalk(Token token) {
        String value = value(token);
        for (String word : value.isEmpty() ? new String[0] : value.split("\\s+")) {
            String[] pair = word.split("=", 2);
            if (pair.length < 2 || pair[1].isEmpty() || !KEYS.contains(pair[0])) {
                wrong(token, word + " is none of table=, key=, walk= and batch=");
            } else if (values.put(pair[0], pair[1]) != null) {
                wrong(token, pair[0] + "= is there twice");
            }
        }
        if (!values.containsKey("table")) {
            wrong(token, "it does not name a table");
        }
        String walk = values.getOrDefault("walk", "key");
        if (!Set.of("key", "heap").contains(walk)) {
            wrong(token, "walk is heap or key, not " + walk);
        }
        if (walk.equals("heap") && values.containsKey("key")) {
            wrong(token, "a walk along the heap has no key");
        }
        if (values.containsKey("key")
                && Arrays.stream(values.get("key").split(",")).anyMatch(String::isBlank)) {
            wrong(token, "a column of the key has no name");
        }
        boolean time = Quantity.duration(values.getOrDefault("batch", "1ms"))
                .filter(batch -> batch.compareTo(Duration.ofMillis(1)) >= 0)
                .isPresent();
        if (!time) {
            wrong(token, "batch is a time such as 50ms, not " + values.get("batch"));
        }
        return token;
    }

    private Token readRemaining(Token token, Grammar grammar) {
        Parsed query = grammar.read(value(token));
        boolean one = query.mistakes().isEmpty()
                && query.statements().size() == 1
                && query.statements().get(0).kind().equals("SelectStmt")
                && query.statements().get(0).node().children("targetList").size() == 1;
        if (!one) {
            wrong(token, "what remains is counted by one SELECT count(*) FROM …, in one line");
        }
        return token;
    }

    private void wrong(Token token, String what) {
        problems.add(new Problem(token.line(), "Here " + what + "."));
    }

    private static String value(Token token) {
        Matcher line = LINE.matcher(token.text().strip());
        return line.matches() ? line.group(2).strip() : "";
    }

    private static String unquoted(String name) {
        return name.startsWith("\"") ? name.replace("\"", "") : name.toLowerCase(Locale.ROOT);
    }
}
