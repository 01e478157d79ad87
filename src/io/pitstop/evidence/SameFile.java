package io.pitstop.evidence;

import io.pitstop.database.Database;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A backfill file as far as it says when old and new values of a row agree:
 *
 * <pre>
 * -- backfill: table=posts key=id
 * -- same: SELECT y.id, x.email = y.author_email FROM posts y LEFT JOIN authors x ON … WHERE y.id BETWEEN :from AND :to
 * </pre>
 *
 * <p>The query gives one row for each row of the table: its key, and whether both sides agree. {@code :batch} and {@code
 * :batch(y)} stand for the whole condition. Where there is nothing to compare, {@code -- same: nothing, because …} says why.
 *
 * @param key the columns that the file names; empty if it leaves that to the catalog
 * @param query empty if the file has none
 * @param reason why nothing is compared; empty if it does not say
 */
record SameFile(
        Path path, String table, List<String> key, Optional<String> query, Optional<String> reason, String checksum) {
    private static final Pattern WALK = Pattern.compile("(?m)^\\s*--\\s*backfill\\s*:(.*)$");
    private static final Pattern SAME = Pattern.compile("(?m)^\\s*--\\s*same\\s*:\\s*(.*?)\\s*;?\\s*$");
    private static final Pattern REASON = Pattern.compile("nothing,? because\\s+(\\S.*)");
    private static final Pattern QUERY = Pattern.compile("(?i)(SELECT|WITH)\\b.*");
    /** Or a literal or quoted name, in which there is none. */
    private static final Pattern BOUND = Pattern.compile(
            "'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"" + "|(?<![:\\w]):(?:(from|to)\\b|(batch)\\b(?:\\(\\s*(\\w+)\\s*\\))?)");

    SameFile {
        key = List.copyOf(key);
    }

    /** The files of a folder in the order of their names; none if the folder does not exist. */
    static List<SameFile> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .map(SameFile::read)
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    String name() {
        return path.getFileName().toString();
    }

    /** The query for the rows from one key to another, both included. */
    String sql(Key along, List<String> from, List<String> to) {
        return BOUND.matcher(query.orElseThrow())
                .replaceAll(found -> Matcher.quoteReplacement(sql(found, along, from, to)));
    }

    /** What a query of the file that failed means for who runs it. */
    RuntimeException wrong(SQLException e) {
        return Database.isOutside(e)
                ? Database.failure(e)
                : new InvalidConfig(
                        path + ": the query of \"same\" fails: " + Database.message(e) + " (" + e.getSQLState() + ").",
                        "Correct it, then run the step again.",
                        e);
    }

    private static String sql(MatchResult found, Key along, List<String> from, List<String> to) {
        if (found.group(2) != null) {
            String row = found.group(3) == null ? along.row() : along.row(found.group(3));
            return row + " BETWEEN " + along.literal(from) + " AND " + along.literal(to);
        }
        if (found.group(1) != null) {
            return along.literal(found.group(1).equals("from") ? from : to);
        }
        return found.group();
    }

    private static SameFile read(Path path) {
        try {
            return parse(path, Files.readString(path));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static SameFile parse(Path path, String text) {
        List<String> same =
                SAME.matcher(text).results().map(line -> line.group(1)).toList();
        if (same.size() > 1) {
            throw new InvalidConfig(path + " has " + same.size() + " lines \"-- same:\".", "Keep one of them.");
        }
        Optional<String> said = same.stream().findFirst();
        Optional<String> reason =
                said.map(REASON::matcher).filter(Matcher::matches).map(because -> because.group(1));
        Optional<String> query = said.filter(line -> reason.isEmpty());
        String walk = WALK.matcher(text)
                .results()
                .map(line -> line.group(1))
                .findFirst()
                .orElse("");
        String table = value(walk, "table");
        String key = value(walk, "key");
        query.filter(sql -> !isRanged(sql) || table.isEmpty()).ifPresent(sql -> {
            throw new InvalidConfig(
                    path + ": \"same: " + sql + "\" does not compare the rows of a range.",
                    "Write \"-- same: SELECT <key>, <whether both sides agree> FROM … WHERE :batch\""
                            + " in one line, below \"-- backfill: table=<table> key=<key>\".");
        });
        return new SameFile(
                path, table, key.isEmpty() ? List.of() : List.of(key.split(",")), query, reason, checksum(text));
    }

    private static boolean isRanged(String sql) {
        Set<String> bounds = new HashSet<>();
        BOUND.matcher(sql)
                .results()
                .flatMap(found -> Stream.of(found.group(1), found.group(2)).filter(name -> name != null))
                .forEach(bounds::add);
        return QUERY.matcher(sql).matches() && (bounds.contains("batch") || bounds.containsAll(Set.of("from", "to")));
    }

    private static String value(String walk, String name) {
        Matcher setting = Pattern.compile("\\b" + name + "=(\\S+)").matcher(walk);
        return setting.find() ? setting.group(1) : "";
    }

    private static DependencyFailed unreadable(Path path, IOException e) {
        return new DependencyFailed(path + " cannot be read: " + e.getMessage(), "Make it readable.", e);
    }

    private static String checksum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
