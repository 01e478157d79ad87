package io.pitstop.check.script;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A script's text with everything replaced that is not SQL, place by place: no line and no statement moves.
 *
 * @param sql what PostgreSQL's grammar may read
 * @param oddities what nobody will replace when the script runs
 */
record ScriptText(String sql, List<Oddity> oddities) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}\\s]*)}");
    private static final Pattern BOUND =
            Pattern.compile("(?i)(?<![:\\w]):(from|to|batch(?:\\(\\s*\\w+\\s*\\))?)(?!\\w)");
    /** The rows that follow COPY … FROM STDIN, up to a backslash and a dot. */
    private static final Pattern ROWS =
            Pattern.compile("(?ims)^\\s*COPY\\b[^;]*\\bFROM\\s+STDIN\\b[^;]*;[^\\n]*\\n(?<rows>.*?^\\\\\\.)[ \\t]*$");

    private static final Pattern PSQL = Pattern.compile("(?m)^[ \\t]*(\\\\[^\\n]*)$");

    /** What Flyway fills in by itself, and what stands for it here. */
    private static final Set<String> OWN = Set.of(
            "flyway:defaultschema",
            "flyway:user",
            "flyway:database",
            "flyway:timestamp",
            "flyway:filename",
            "flyway:workingdirectory",
            "flyway:table",
            "flyway:environment");

    /** Something that is not SQL, and that no runner of the script understands. */
    record Oddity(Kind kind, String text, int line) {
        enum Kind {
            PLACEHOLDER,
            PSQL_COMMAND
        }
    }

    static ScriptText of(String text, Phase phase) {
        List<Oddity> oddities = new ArrayList<>();
        String sql = ROWS.matcher(text).replaceAll(match -> {
            int from = match.start(1) - match.start();
            return java.util.regex.Matcher.quoteReplacement(
                    match.group().substring(0, from) + blank(match.group().substring(from)));
        });
        if (phase == Phase.BACKFILL) {
            sql = replace(sql, BOUND, match -> match.group(1).equalsIgnoreCase("to") ? "$2" : "$1");
        } else {
            sql = replace(sql, PLACEHOLDER, match -> placeholder(match, text, oddities));
        }
        return new ScriptText(sql, List.copyOf(oddities));
    }

    /** Without the lines that only psql understands. */
    ScriptText withoutPsqlCommands() {
        List<Oddity> all = new ArrayList<>(oddities);
        String cleaned = PSQL.matcher(sql).replaceAll(match -> {
            all.add(new Oddity(Oddity.Kind.PSQL_COMMAND, match.group(1).strip(), line(sql, match.start(1))));
            return blank(match.group());
        });
        return new ScriptText(cleaned, List.copyOf(all));
    }

    private static String placeholder(MatchResult match, String text, List<Oddity> oddities) {
        String name = match.group(1).toLowerCase(Locale.ROOT);
        if (name.equals("flyway:defaultschema")) {
            return "public";
        }
        if (!OWN.contains(name)) {
            oddities.add(new Oddity(Oddity.Kind.PLACEHOLDER, match.group(), line(text, match.start())));
        }
        return "p";
    }

    private static String replace(String text, Pattern what, Function<MatchResult, String> by) {
        return what.matcher(text).replaceAll(match -> {
            String other = by.apply(match);
            int length = match.group().getBytes(StandardCharsets.UTF_8).length;
            return java.util.regex.Matcher.quoteReplacement(other + " ".repeat(Math.max(0, length - other.length())));
        });
    }

    private static String blank(String text) {
        return text.replaceAll("[^\\n]", " ");
    }

    private static int line(String text, int place) {
        return 1 + (int) text.substring(0, place).chars().filter(c -> c == '\n').count();
    }
}
