package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.grammar.Token;
import io.pitstop.check.schema.Name;
import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Script;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What is wrong with a script, whatever it does. */
final class ScriptRules {
    private static final int LONGEST_NAME = 63;

    private ScriptRules() {}

    static List<Rule> all() {
        return List.of(SYNTAX, NEWER, PSQL, PLACEHOLDER, NAME, VERSION, HIDDEN, LONG_NAME, RESERVED);
    }

    private static final Rule SYNTAX = Rule.error("syntax-error")
            .because("PostgreSQL does not understand the statement.")
            .unsafe("ALTER TABLE posts ADD COLUM slug text;")
            .instead("ALTER TABLE posts ADD COLUMN slug text;")
            .inScript((scene, hits) -> scene.script()
                    .mistakes()
                    .forEach(mistake -> hits.add(mistake.line(), "It says: " + mistake.message() + ".")));

    private static final Rule NEWER = Rule.error("newer-than-server")
            .because("The server is too old to understand the statement.")
            .unsafe(
                    """
                    -- PostgreSQL 14
                    CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug) NULLS NOT DISTINCT;""")
            .instead(
                    """
                    -- PostgreSQL 15: give --server-version if yours is newer than the oldest that is supported
                    CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug) NULLS NOT DISTINCT;""")
            .inStatement((scene, hits) -> Features.of(scene.statement()).forEach(feature -> {
                if (!scene.server().isAtLeast(feature.since())) {
                    hits.add(feature.what() + " is there from PostgreSQL " + feature.since()
                            + " on, and this is judged for " + scene.server() + ".");
                }
            }));

    private static final Rule PSQL = Rule.error("psql-command")
            .because("Only psql understands lines that begin with a backslash; the script is run without it.")
            .unsafe("\\set ON_ERROR_STOP on\nALTER TABLE posts ADD COLUMN slug text;")
            .instead("ALTER TABLE posts ADD COLUMN slug text;")
            .inScript((scene, hits) -> scene.script()
                    .psqlCommands()
                    .forEach(command -> hits.add(command.line(), "Here it is " + command.text() + ".")));

    private static final Rule PLACEHOLDER = Rule.error("unknown-placeholder")
            .because(
                    "Pitstop gives Flyway no placeholders of yours, so the script cannot run; the statement is judged as if a"
                            + " name stood there.")
            .unsafe("ALTER TABLE ${schema}.posts ADD COLUMN slug text;")
            .instead("ALTER TABLE blog.posts ADD COLUMN slug text;")
            .unless("it is one that Flyway fills in by itself, such as ${flyway:defaultSchema}.")
            .inScript((scene, hits) -> scene.script()
                    .unknownPlaceholders()
                    .forEach(placeholder -> hits.add(placeholder.line(), "Here it is " + placeholder.text() + ".")));

    private static final Rule NAME = Rule.error("script-name")
            .because("Flyway does not take the file for a script, so it is never applied.")
            .unsafe(
                    """
                    -- db/migration/V2_slug.sql
                    ALTER TABLE posts ADD COLUMN slug text;""")
            .instead(
                    """
                    -- db/migration/V2__slug.sql: two underscores behind the version
                    ALTER TABLE posts ADD COLUMN slug text;""")
            .inScript((scene, hits) -> {
                if (!scene.script().isNamedWell()) {
                    hits.add(1, "");
                }
            });

    private static final Rule VERSION = Rule.error("duplicate-version")
            .because("Two scripts of a folder have the same version, and Flyway refuses to run either.")
            .unsafe(
                    """
                    -- db/migration/V2__slug.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    -- db/migration/V2.0__day.sql
                    ALTER TABLE posts ADD COLUMN day date;""")
            .instead(
                    """
                    -- db/migration/V2__slug.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    -- db/migration/V3__day.sql
                    ALTER TABLE posts ADD COLUMN day date;""")
            .inScript((scene, hits) -> scene.scripts().stream()
                    .filter(other -> other != scene.script() && isTwin(other, scene.script()))
                    .findFirst()
                    .ifPresent(
                            other -> hits.add(1, "The other is " + other.file().getFileName() + ".")));

    private static final Rule HIDDEN = Rule.warning("hidden-sql")
            .because("What it runs is composed only then, so nobody can judge it from the text.")
            .unsafe("DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN slug text', 'posts'); END $$;")
            .instead("ALTER TABLE posts ADD COLUMN slug text;")
            .inStatement((scene, hits) -> {
                boolean hidden = scene.kind().equals("DoStmt")
                        ? !scene.grammar().block(scene.statement()).complete()
                        : calls(scene.statement())
                                .anyMatch(function ->
                                        scene.schema().routine(function).isPresent());
                if (hidden) {
                    hits.add();
                }
            });

    private static final Rule LONG_NAME = Rule.warning("identifier-too-long")
            .because("PostgreSQL cuts names after 63 bytes without a word, and two long names may become one.")
            .unsafe(
                    """
                    ALTER TABLE posts ADD COLUMN
                        a_name_that_goes_on_and_on_and_that_nobody_wants_to_type_or_to_read text;""")
            .instead("ALTER TABLE posts ADD COLUMN a_name_that_fits text;")
            .inScript((scene, hits) -> scene.script().tokens().stream()
                    .filter(token -> token.kind() == Token.Kind.IDENTIFIER && bytes(token) > LONGEST_NAME)
                    .forEach(token -> hits.add(token.line(), "")));

    private static final Rule RESERVED = Rule.warning("reserved-word")
            .because(
                    "The name is a word of SQL: every statement that uses it must quote it, and those that do not fail, or"
                            + " mean something else.")
            .unsafe("ALTER TABLE posts ADD COLUMN \"order\" int;")
            .instead("ALTER TABLE posts ADD COLUMN position int;")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                Stream<String> tables = Stream.of("CreateStmt", "ViewStmt")
                        .filter(scene.kind()::equals)
                        .map(kind -> Name.of(node.child("relation")).name()
                                + Name.of(node.child("view")).name());
                Stream<String> columns =
                        TypeRules.definitions(scene.statement()).map(column -> column.text("colname"));
                Stream.concat(tables, columns)
                        .filter(scene.grammar()::isReserved)
                        .forEach(name -> hits.add("Here it is " + name + "."));
            });

    private static boolean isTwin(Script other, Script script) {
        return script.phase() != Phase.BACKFILL
                && other.phase() == script.phase()
                && script.version().isPresent()
                && script.version().equals(other.version());
    }

    /** The functions that a statement calls for what they do. */
    private static Stream<String> calls(Statement statement) {
        Stream<Node> calls =
                switch (statement.kind()) {
                    case "CallStmt" -> Stream.of(statement.node().child("funccall"));
                    case "SelectStmt" -> statement.node().all("FuncCall");
                    default -> Stream.empty();
                };
        return calls.map(call -> Name.of(call.names("funcname")).name());
    }

    private static int bytes(Token name) {
        String text = name.text();
        int quotes = text.startsWith("\"") ? 2 : 0;
        return text.getBytes(StandardCharsets.UTF_8).length - quotes;
    }
}
