package io.pitstop.check.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a DO block runs, as far as its text shows.
 *
 * @param statements in the order of the text, those of all branches and loops
 * @param complete false if the block also runs what the text does not show
 */
public record Block(List<Statement> statements, boolean complete) {
    public Block {
        statements = List.copyOf(statements);
    }

    static Block unreadable() {
        return new Block(List.of(), false);
    }

    /** @param line within the body, from 1 */
    record Query(String sql, int line) {}

    /** Walks through the tree of a function in PL/pgSQL. */
    static final class Reader {
        private final List<Query> queries = new ArrayList<>();
        private final List<Integer> dynamic = new ArrayList<>();

        /** SQL as it stands, or as the literal that EXECUTE gets. */
        List<Query> queries() {
            return queries;
        }

        /** Lines with an EXECUTE of text that is composed. */
        List<Integer> dynamic() {
            return dynamic;
        }

        void read(JsonNode node) {
            node.properties().forEach(field -> {
                JsonNode value = field.getValue();
                switch (field.getKey()) {
                    case "PLpgSQL_stmt_execsql" -> add(value, value.path("sqlstmt"));
                    case "PLpgSQL_stmt_perform" -> add(value, value.path("expr"));
                    case "PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors" -> execute(value);
                    default -> {}
                }
                read(value);
            });
            if (node.isArray()) {
                node.forEach(this::read);
            }
        }

        private void add(JsonNode statement, JsonNode expression) {
            String sql = expression.path("PLpgSQL_expr").path("query").asText();
            queries.add(new Query(sql, statement.path("lineno").asInt(1)));
        }

        private void execute(JsonNode statement) {
            String text = statement
                    .path("query")
                    .path("PLpgSQL_expr")
                    .path("query")
                    .asText()
                    .strip();
            int line = statement.path("lineno").asInt(1);
            if (text.matches("(?s)'([^']|'')*'")) {
                queries.add(new Query(text.substring(1, text.length() - 1).replace("''", "'"), line));
            } else {
                dynamic.add(line);
            }
        }
    }
}
