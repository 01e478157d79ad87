package io.pitstop.check.grammar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * PostgreSQL 18's own grammar. It reads what every older server reads as well.
 *
 * <p>Costs about half a second to load and 20 MB to keep; for one thread at a time.
 */
public final class Grammar {
    private final ObjectMapper json = new ObjectMapper();
    private final WebAssembly postgres = new WebAssembly();

    /** Reads a script; what follows a mistake is read all the same, from the next semicolon on. */
    public Parsed read(String text) {
        Lines lines = new Lines(text, 1);
        try {
            return read(lines, tokens(lines));
        } catch (SyntaxError e) {
            return new Parsed(List.of(), List.of(), List.of(mistake(e, lines)));
        }
    }

    /**
     * Reads only the statements of a script that define what somebody asks for; the others cost more time than they tell.
     * Of mistakes it says nothing.
     *
     * @param names what is asked for, see {@link #words}
     */
    public Parsed readDefinitions(String text, Set<String> names) {
        Lines lines = new Lines(text, 1);
        try {
            List<Token> tokens = tokens(lines);
            Lines definitions = new Lines(Definitions.only(lines, tokens, names), 1);
            return new Parsed(read(definitions, tokens(definitions)).statements(), tokens, List.of());
        } catch (SyntaxError e) {
            return new Parsed(List.of(), List.of(), List.of());
        }
    }

    /** Every word of a script that may be the name of something. */
    public static Set<String> words(String text) {
        return Definitions.words(text);
    }

    private Parsed read(Lines lines, List<Token> tokens) {
        try {
            return new Parsed(statements(lines, tokens, false), tokens, List.of());
        } catch (SyntaxError e) {
            return oneByOne(lines, tokens);
        }
    }

    /**
     * The statements that a block of PL/pgSQL holds as they stand; those that it composes when it runs are not known.
     *
     * @param block a {@code DoStmt}
     */
    public Block block(Statement block) {
        String body = Bodies.of(block.node());
        int first = block.line() + Bodies.linesBefore(body, block.text());
        String functions = postgres.parsePlpgsql(block.text());
        if (!functions.startsWith("{")) {
            return Block.unreadable();
        }
        Block.Reader reader = new Block.Reader();
        reader.read(tree(functions));
        List<Statement> statements = new ArrayList<>();
        boolean complete = reader.dynamic().isEmpty();
        for (Block.Query query : reader.queries()) {
            try {
                Lines lines = new Lines(query.sql(), first + Math.max(0, query.line() - 1));
                statements.addAll(statements(lines, tokens(lines), true));
            } catch (SyntaxError e) {
                complete = false; // an expression or an INTO that only PL/pgSQL understands
            }
        }
        return new Block(statements, complete);
    }

    /**
     * All that a function in PL/pgSQL says.
     *
     * @param function its {@code CreateFunctionStmt}
     */
    public Body body(Statement function) {
        String functions = postgres.parsePlpgsql(function.text());
        if (!functions.startsWith("[") && !functions.startsWith("{")) {
            return new Body(List.of(), false);
        }
        Body.Reader reader = new Body.Reader();
        reader.read(tree(functions));
        List<Statement> statements = new ArrayList<>();
        boolean complete = !reader.dynamic();
        for (List<List<String>> readings : reader.texts()) {
            complete &= readings.stream().anyMatch(texts -> areRead(texts, statements));
        }
        return new Body(statements, complete);
    }

    private boolean areRead(List<String> texts, List<Statement> into) {
        List<Statement> read = new ArrayList<>();
        try {
            for (String text : texts) {
                Lines lines = new Lines(text, 1);
                read.addAll(statements(lines, tokens(lines), true));
            }
        } catch (SyntaxError e) {
            return false; // then it is something else
        }
        return into.addAll(read) || read.isEmpty();
    }

    /** True if {@code name} must be quoted wherever it is used. */
    public boolean isReserved(String name) {
        try {
            List<Token> tokens = tokens(new Lines(name, 1));
            return tokens.size() == 1 && tokens.get(0).kind() == Token.Kind.RESERVED_WORD;
        } catch (SyntaxError e) {
            return false;
        }
    }

    private Parsed oneByOne(Lines all, List<Token> tokens) {
        List<Statement> statements = new ArrayList<>();
        List<Mistake> mistakes = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i < tokens.size() && tokens.get(i).kind() != Token.Kind.SEMICOLON) {
                continue;
            }
            int to = i < tokens.size() ? tokens.get(i).end() : all.bytes();
            Lines lines = new Lines(all.between(from, to), all.at(from));
            try {
                statements.addAll(statements(lines, tokens(lines), false));
            } catch (SyntaxError e) {
                mistakes.add(mistake(e, lines));
            }
            from = to;
        }
        return new Parsed(statements, tokens, mistakes);
    }

    private List<Statement> statements(Lines lines, List<Token> tokens, boolean inBlock) throws SyntaxError {
        int[] code =
                tokens.stream().filter(Token::isCode).mapToInt(Token::start).toArray();
        List<Statement> statements = new ArrayList<>();
        if (code.length == 0) {
            return statements; // the parser refuses to read nothing
        }
        for (JsonNode each : tree(postgres.parse(lines.text())).path("stmts")) {
            int begins = each.path("stmt_location").asInt(0);
            int length = each.path("stmt_len").asInt(0);
            int to = length == 0 ? lines.bytes() : begins + length;
            int found = Arrays.binarySearch(code, begins);
            int from = code[found < 0 ? -found - 1 : found];
            statements.add(new Statement(Node.of(each.path("stmt")), lines, from, to, inBlock));
        }
        return statements;
    }

    private List<Token> tokens(Lines lines) throws SyntaxError {
        if (lines.bytes() == 0) {
            return List.of();
        }
        String scanned = postgres.scan(lines.text());
        if (!scanned.startsWith("{")) {
            throw new SyntaxError(scanned, -1);
        }
        List<Token> tokens = new ArrayList<>();
        for (JsonNode token : tree(scanned).path("tokens")) {
            int start = token.path("start").asInt();
            int end = token.path("end").asInt();
            tokens.add(new Token(kind(token), lines.between(start, end), lines.at(start), start, end));
        }
        return tokens;
    }

    private static Token.Kind kind(JsonNode token) {
        String name = token.path("tokenName").asText();
        if (name.endsWith("_COMMENT")) {
            return Token.Kind.COMMENT;
        }
        if (token.path("keywordName").asText().equals("RESERVED_KEYWORD")) {
            return Token.Kind.RESERVED_WORD;
        }
        if (name.equals("IDENT")) {
            return Token.Kind.IDENTIFIER;
        }
        return name.equals("ASCII_59") ? Token.Kind.SEMICOLON : Token.Kind.OTHER;
    }

    private static Mistake mistake(SyntaxError error, Lines lines) {
        String text = lines.text().strip();
        int line = error.at() < 0 ? lines.at(0) : lines.atCharacter(error.at());
        return new Mistake(error.getMessage(), text, line);
    }

    private JsonNode tree(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL's parser wrote what is not JSON: " + text, e);
        }
    }
}
