package io.pitstop.check.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All that a function in PL/pgSQL says, as far as its text shows: statements, and each expression and type in it as a
 * SELECT.
 *
 * @param statements those of all branches and loops
 * @param complete false if it also runs what the text does not show
 */
public record Body(List<Statement> statements, boolean complete) {
    private static final Pattern ASSIGNMENT = Pattern.compile("(?s)([\\w.\"\\[\\] ]+?)\\s*:=(.*)");
    private static final Pattern LITERAL = Pattern.compile("(?s)'([^']|'')*'");
    private static final Pattern TYPE_OF = Pattern.compile("(?i)(.+)\\.([^.]+)%TYPE");

    public Body {
        statements = List.copyOf(statements);
    }

    /** Walks through the tree of a function in PL/pgSQL. */
    static final class Reader {
        private final List<List<List<String>>> texts = new ArrayList<>();
        private boolean dynamic;

        /** For each expression what it may be: the first of them that can be read, each in one or more statements. */
        List<List<List<String>>> texts() {
            return texts;
        }

        /** True if a statement is composed when it runs. */
        boolean dynamic() {
            return dynamic;
        }

        void read(JsonNode node) {
            node.properties().forEach(field -> {
                JsonNode value = field.getValue();
                switch (field.getKey()) {
                    case "PLpgSQL_expr" -> expression(
                            value.path("query").asText().strip());
                    case "PLpgSQL_type" -> type(value.path("typname").asText().strip());
                    case "PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors" -> composed(value.path("query"));
                    case "PLpgSQL_stmt_return_query", "PLpgSQL_stmt_open" -> composed(value.path("dynquery"));
                    default -> {}
                }
                read(value);
            });
            if (node.isArray()) {
                node.forEach(this::read);
            }
        }

        private void expression(String text) {
            if (text.isEmpty()) {
                return;
            }
            List<List<String>> readings = new ArrayList<>(List.of(List.of(text), List.of("SELECT " + text)));
            Matcher assignment = ASSIGNMENT.matcher(text);
            if (assignment.matches()) {
                readings.add(List.of("SELECT " + assignment.group(1), "SELECT " + assignment.group(2)));
            }
            texts.add(readings);
        }

        /** A statement that is a literal is read; what is put together from parts nobody knows. */
        private void composed(JsonNode query) {
            String text = query.path("PLpgSQL_expr").path("query").asText().strip();
            if (LITERAL.matcher(text).matches()) {
                texts.add(List.of(List.of(text.substring(1, text.length() - 1).replace("''", "'"))));
            } else if (!text.isEmpty()) {
                dynamic = true;
            }
        }

        /** That of a variable of the function, or one that it has from another, says nothing. */
        private void type(String name) {
            Matcher column = TYPE_OF.matcher(name);
            String text = column.matches()
                    ? "SELECT " + column.group(2) + " FROM " + column.group(1)
                    : "SELECT NULL::" + name.replaceAll("(?i)%ROWTYPE$", "");
            List<List<String>> readings = List.of(List.of(text), List.of());
            if (!texts.contains(readings)) {
                texts.add(readings);
            }
        }
    }
}
