package io.pitstop.check.grammar;

import java.util.List;

/** A script as PostgreSQL reads it. */
public record Parsed(List<Statement> statements, List<Token> tokens, List<Mistake> mistakes) {
    public Parsed {
        statements = List.copyOf(statements);
        tokens = List.copyOf(tokens);
        mistakes = List.copyOf(mistakes);
    }
}
