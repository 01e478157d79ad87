package io.pitstop.check.grammar;

/** One statement of a script. */
public final class Statement {
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

    /** The line of a part of the statement; of the statement if the part does not say where it is. */
    public int line(Node part) {
        return part.location() < from || part.location() > to ? line() : lines.at(part.location());
    }
}
