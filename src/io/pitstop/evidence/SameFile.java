package io.pitstop.evidence;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A backfill file as far as it says when old and new values of a row agree:
 *
 * <pre>
 * -- backfill: table=posts key=id
 * -- same: SELECT posts.id, authors.email = posts.author_email FROM posts LEFT JOIN authors ON … WHERE posts.id BETWEEN :from AND :to
 * </pre>
 *
 * <p>The query gives one row for each row of the table: its key, and whether both sides agree. Where there is nothing to
 * compare, {@code -- same: nothing, because …} says why.
 *
 * @param query empty if the file has none
 * @param reason why nothing is compared; empty if it does not say
 */
record SameFile(Path path, String table, String key, Optional<String> query, Optional<String> reason, String checksum) {
    private static final Pattern WALK = Pattern.compile("(?m)^\\s*--\\s*backfill\\s*:(.*)$");
    private static final Pattern SAME = Pattern.compile("(?m)^\\s*--\\s*same\\s*:\\s*(.*?)\\s*;?\\s*$");
    private static final Pattern REASON = Pattern.compile("nothing,? because\\s+(\\S.*)");
    private static final Pattern QUERY = Pattern.compile("(?i)(SELECT|WITH)\\b.*");
    private static final Pattern BOUND = Pattern.compile("(?<![:\\w]):(from|to)\\b");

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

    /** The query with placeholders for the driver. */
    String sql() {
        return BOUND.matcher(query.orElseThrow().replace("?", "??")).replaceAll("?");
    }

    /** For each placeholder whether it is the beginning of the range. */
    List<Boolean> bounds() {
        return BOUND.matcher(query.orElseThrow())
                .results()
                .map(bound -> bound.group(1).equals("from"))
                .toList();
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
        query.filter(sql -> !isRanged(sql) || table.isEmpty() || key.isEmpty()).ifPresent(sql -> {
            throw new InvalidConfig(
                    path + ": \"same: " + sql + "\" does not compare the rows of a range.",
                    "Write \"-- same: SELECT <key>, <whether both sides agree> FROM … WHERE <key> BETWEEN :from AND :to\""
                            + " in one line, below \"-- backfill: table=<table> key=<key>\".");
        });
        return new SameFile(path, table, key, query, reason, checksum(text));
    }

    private static boolean isRanged(String sql) {
        List<String> bounds =
                BOUND.matcher(sql).results().map(MatchResult::group).toList();
        return QUERY.matcher(sql).matches() && bounds.contains(":from") && bounds.contains(":to");
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
