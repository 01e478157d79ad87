package io.pitstop.check.grammar;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One statement of a script. */
public final class Statement {
    private static final int SHOWN = 160;

    private final Node node;
    private final Lines lines;
    private final int from;
    private final int to;
    private final boolean inBlock;

    Statement(Node node, Lines lines, int from, int to, boolean inBlock) {
        this.node = node;
        this.lines = lines;
        this.from = from;
        this.to = to;
        this.inBlock = inBlock;
    }

    public Node node() {
        return node;
    }

    /** The kind of statement, such as {@code IndexStmt}. */
    public String kind() {
        return node.kind();
    }

    /** As written, without the comments before it. */
    public String text() {
        return lines.between(from, to).strip();
    }

    /** As written, in one line, shortened. */
    public String excerpt() {
        // A script may create a role; nobody needs to read its password again.
        String line = text().replaceAll("\\s+", " ").replaceAll("(?i)(password\\s*)'[^']*'", "$1'…'");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    /** True if a DO block runs it. */
    public boolean inBlock() {
        return inBlock;
    }

    public int line() {
        return lines.at(from);
    }

    public int lastLine() {
        return lines.at(to);
    }

    /** The line of a part of the statement; of the statement if nobody can tell where the part is. */
    public int line(Node part) {
        if (part.location() >= from && part.location() <= to) {
            return lines.at(part.location());
        }
        return part.text("name").isEmpty() ? line() : lineOf(part.text("name"));
    }

    /** The tree does not say where an ALTER TABLE names a column that it drops, say. */
    private int lineOf(String name) {
        int relation = Math.max(from, node.child("relation").location());
        String rest = lines.between(relation, to);
        String table = node.child("relation").text("relname");
        Matcher word = Pattern.compile("(?i)(?<![\\w$])" + Pattern.quote(name) + "(?![\\w$])")
                .matcher(rest);
        int start = rest.startsWith(table) ? table.length() : 0;
        return word.find(start)
                ? lines.at(relation + rest.substring(0, word.start()).getBytes(StandardCharsets.UTF_8).length)
                : line();
    }
}
