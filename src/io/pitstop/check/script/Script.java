package io.pitstop.check.script;

import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Mistake;
import io.pitstop.check.grammar.Parsed;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.grammar.Token;
import io.pitstop.check.script.ScriptText.Oddity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One file of SQL, read. */
public final class Script {
    private final ScriptFile source;
    private final Parsed parsed;
    private final List<Oddity> oddities;
    private final List<Suppression> suppressions;
    private final boolean withoutTransaction;

    private Script(ScriptFile source, Parsed parsed, List<Oddity> oddities) {
        this.source = source;
        this.parsed = parsed;
        this.oddities = oddities;
        this.suppressions = Suppression.in(parsed);
        this.withoutTransaction = ScriptSettings.withoutTransaction(source.path());
    }

    /**
     * Reads a script that is to be judged.
     *
     * @throws io.pitstop.error.InvalidConfig if the file cannot be read
     */
    public static Script read(ScriptFile source, Grammar grammar) {
        ScriptText prepared = ScriptText.of(ScriptSettings.text(source.path()), source.phase());
        Parsed parsed = grammar.read(prepared.sql());
        if (parsed.mistakes().stream().anyMatch(mistake -> mistake.message().endsWith("\"\\\""))) {
            prepared = prepared.withoutPsqlCommands();
            parsed = grammar.read(prepared.sql());
        }
        return new Script(source, parsed, prepared.oddities());
    }

    /**
     * Reads of a script that was applied what it says of some names.
     *
     * @param names see {@link #words}
     * @throws io.pitstop.error.InvalidConfig if the file cannot be read
     */
    public static Script readDefinitions(ScriptFile source, Set<String> names, Grammar grammar) {
        ScriptText prepared = ScriptText.of(ScriptSettings.text(source.path()), source.phase());
        return new Script(source, grammar.readDefinitions(prepared.sql(), names), List.of());
    }

    /** The text of a script as PostgreSQL may read it, unless there are lines for psql in it. */
    public static String text(ScriptFile source) {
        return ScriptText.of(ScriptSettings.text(source.path()), source.phase()).sql();
    }

    /** Every word that may be the name of something. */
    public static Set<String> words(ScriptFile source) {
        return Grammar.words(ScriptSettings.text(source.path()));
    }

    public Path file() {
        return source.path();
    }

    public Phase phase() {
        return source.phase();
    }

    /** Empty for a script that is repeated whenever it changes, and for a backfill. */
    public Optional<Version> version() {
        return source.version();
    }

    /** False if Flyway does not take the file for a script. */
    public boolean isNamedWell() {
        return source.namedWell();
    }

    public List<Statement> statements() {
        return parsed.statements();
    }

    public List<Token> tokens() {
        return parsed.tokens();
    }

    public List<Mistake> mistakes() {
        return parsed.mistakes();
    }

    /** Placeholders that nobody fills in, with their lines. */
    public List<Token> unknownPlaceholders() {
        return oddities(Oddity.Kind.PLACEHOLDER);
    }

    /** Lines for psql, which nobody runs. */
    public List<Token> psqlCommands() {
        return oddities(Oddity.Kind.PSQL_COMMAND);
    }

    public List<Suppression> suppressions() {
        return suppressions;
    }

    /** True if it runs as a whole or not at all. A backfill file does neither: each batch is a transaction. */
    public boolean isInTransaction() {
        return phase() != Phase.BACKFILL && !isWithoutTransaction();
    }

    /** True if each of its statements is for itself. */
    public boolean isWithoutTransaction() {
        return withoutTransaction || statements().stream().anyMatch(Transactional::forbids);
    }

    /** True if Flyway refuses it, since it cannot tell if it should run in a transaction. */
    public boolean isMixed() {
        return !withoutTransaction
                && statements().stream().anyMatch(Transactional::forbids)
                && !statements().stream().allMatch(Transactional::forbids);
    }

    @Override
    public String toString() {
        return file().toString();
    }

    private List<Token> oddities(Oddity.Kind kind) {
        return oddities.stream()
                .filter(oddity -> oddity.kind() == kind)
                .map(oddity -> new Token(Token.Kind.OTHER, oddity.text(), oddity.line(), 0, 0))
                .toList();
    }
}
