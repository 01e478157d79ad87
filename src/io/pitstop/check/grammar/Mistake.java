package io.pitstop.check.grammar;

/**
 * A place where the text stops being PostgreSQL's SQL.
 *
 * @param message PostgreSQL's own
 * @param statement the text up to the next semicolon
 * @param line where PostgreSQL stumbled
 */
public record Mistake(String message, String statement, int line) {}
