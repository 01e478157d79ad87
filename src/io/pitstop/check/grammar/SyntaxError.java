package io.pitstop.check.grammar;

/** Text that is not PostgreSQL's SQL. */
final class SyntaxError extends Exception {
    private final int at;

    /** @param at where, in bytes from the start of the text; negative if unknown */
    SyntaxError(String message, int at) {
        super(message);
        this.at = at;
    }

    int at() {
        return at;
    }
}
