package io.pitstop.check.grammar;

/** A word, sign, literal or comment of a text. */
public record Token(Kind kind, String text, int line, int start, int end) {
    /** What the checks tell apart. */
    public enum Kind {
        COMMENT,
        IDENTIFIER,
        RESERVED_WORD,
        SEMICOLON,
        OTHER
    }

    boolean isCode() {
        return kind != Kind.COMMENT;
    }
}
