package io.pitstop.backfill.file;

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
 * @param header what the first line says
 * @param remaining counts the rows that are not filled yet
 * @param text the whole file
 * @param checksum of the text
 */
public record BackfillFile(Path path, Header header, String remaining, String text, String checksum) {
    private static final Pattern LINE = Pattern.compile("--\\s*(backfill|remaining)\\s*:(.*)");
    private static final Pattern QUERY = Pattern.compile("(?i)\\s*((?:SELECT|WITH)\\b.*?)\\s*;?\\s*");

    /** The files of a folder in the order of their names; none if the folder does not exist. */
    public static List<BackfillFile> in(Path folder) {
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
    public static BackfillFile read(Path path) {
        try {
            return parse(path, Files.readString(path));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    public String name() {
        return path.getFileName().toString();
    }

    /** The table whose rows are walked, with its schema unless that is on the search path. */
    public String table() {
        return header.table();
    }

    /** The statements of a batch that is given by one column. */
    public List<BatchStatement> statements() {
        return statements(List.of(header.key().isEmpty() ? "ctid" : header.key().get(0)));
    }

    /**
     * The statements of a batch.
     *
     * @param columns those that are walked, quoted where they need it; what {@code :batch} stands for
     */
    public List<BatchStatement> statements(List<String> columns) {
        return new StatementReader(path, text, columns).read();
    }

    /** A query that shows some of the rows that remain, for a person to paste; the counting one if it is too unusual. */
    public String remainingRows() {
        Matcher count =
                Pattern.compile("(?is)SELECT\\s+count\\(\\*\\)\\s+(FROM\\b.*)").matcher(remaining);
        return count.matches() ? "SELECT * " + count.group(1) + " LIMIT 10" : remaining;
    }

    private static BackfillFile parse(Path path, String text) {
        Line walk = line(path, text, "backfill", "table=<table> key=<column>");
        Header header = Header.read(walk.value)
                .orElseThrow(() -> walk.invalid(path, "Write \"-- backfill: table=<table> key=<column>\"."));
        Line count = line(path, text, "remaining", "SELECT count(*) FROM …");
        Matcher query = QUERY.matcher(count.value);
        if (!query.matches()) {
            throw count.invalid(path, "Write \"-- remaining: SELECT count(*) FROM …\", in one line.");
        }
        BackfillFile file = new BackfillFile(path, header, query.group(1), text, checksum(text));
        List<BatchStatement> statements = file.statements();
        if (statements.isEmpty()) {
            throw new InvalidConfig(
                    path + " has no statement.", "Write what a batch does to the rows BETWEEN :from AND :to.");
        }
        if (!header.saysHow() && !statements.stream().allMatch(BatchStatement::followsTheWalk)) {
            throw walk.invalid(path, "Name the column of :from and :to by key=<column>, or write walk=heap or :batch.");
        }
        return file;
    }

    private static Line line(Path path, String text, String name, String form) {
        Line found = null;
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher header = LINE.matcher(lines.get(i).strip());
            if (header.matches() && header.group(1).equals(name)) {
                Line here = new Line(i + 1, name, header.group(2));
                if (found != null) {
                    throw here.invalid(path, "Keep one of it and of line " + found.number + ".");
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

    private record Line(int number, String name, String value) {
        InvalidConfig invalid(Path path, String hint) {
            return new InvalidConfig(path + ":" + number + ": \"" + name + ":" + value + "\" is not understood.", hint);
        }
    }
}
