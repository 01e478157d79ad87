package io.pitstop.backfill;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file that says how to fill the rows of one table: two lines of header, then the statements of a batch.
 *
 * <pre>
 * -- backfill: table=posts key=id
 * -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
 * UPDATE posts SET … WHERE id BETWEEN :from AND :to AND author_id IS NULL;
 * </pre>
 *
 * @param table whose keys are walked, with its schema unless that is on the search path
 * @param key column of integers, with an index
 * @param remaining counts the rows that are not filled yet
 * @param checksum of the whole text
 */
record BackfillFile(
        Path path, String table, String key, String remaining, List<BatchStatement> statements, String checksum) {
    private static final Pattern HEADER = Pattern.compile("--\\s*(backfill|remaining)\\s*:(.*)");
    private static final Pattern WALK = Pattern.compile("\\s*table=(\\S+)\\s+key=(\\S+)\\s*");
    private static final Pattern QUERY = Pattern.compile("(?i)\\s*((?:SELECT|WITH)\\b.*?)\\s*;?\\s*");

    BackfillFile {
        statements = List.copyOf(statements);
    }

    /** The files of a folder in the order of their names; none if the folder does not exist. */
    static List<BackfillFile> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .map(BackfillFile::read)
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** @throws InvalidConfig naming file and line if it is not a backfill */
    static BackfillFile read(Path path) {
        try {
            return parse(path, Files.readString(path));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    String name() {
        return path.getFileName().toString();
    }

    /** A query that shows some of the rows that remain, for a person to paste; the counting one if it is too unusual. */
    String remainingRows() {
        Matcher count =
                Pattern.compile("(?is)SELECT\\s+count\\(\\*\\)\\s+(FROM\\b.*)").matcher(remaining);
        return count.matches() ? "SELECT * " + count.group(1) + " LIMIT 10" : remaining;
    }

    private static BackfillFile parse(Path path, String text) {
        Header walk = header(path, text, "backfill", "table=<table> key=<column>");
        Matcher names = WALK.matcher(walk.value);
        if (!names.matches()) {
            throw walk.invalid(path, "Write \"-- backfill: table=<table> key=<column>\".");
        }
        Header count = header(path, text, "remaining", "SELECT count(*) FROM …");
        Matcher query = QUERY.matcher(count.value);
        if (!query.matches()) {
            throw count.invalid(path, "Write \"-- remaining: SELECT count(*) FROM …\", in one line.");
        }
        List<BatchStatement> statements = new StatementReader(path, text).read();
        if (statements.isEmpty()) {
            throw new InvalidConfig(
                    path + " has no statement.", "Write what a batch does to the rows BETWEEN :from AND :to.");
        }
        return new BackfillFile(path, names.group(1), names.group(2), query.group(1), statements, checksum(text));
    }

    private static Header header(Path path, String text, String name, String form) {
        Header found = null;
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher header = HEADER.matcher(lines.get(i).strip());
            if (header.matches() && header.group(1).equals(name)) {
                Header here = new Header(i + 1, name, header.group(2));
                if (found != null) {
                    throw here.invalid(path, "Keep one of it and of line " + found.line + ".");
                }
                found = here;
            }
        }
        if (found == null) {
            throw new InvalidConfig(
                    path + ":1: There is no line \"-- " + name + ": " + form + "\".", "Begin the file with it.");
        }
        return found;
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

    private record Header(int line, String name, String value) {
        InvalidConfig invalid(Path path, String hint) {
            return new InvalidConfig(path + ":" + line + ": \"" + name + ":" + value + "\" is not understood.", hint);
        }
    }
}
