package io.pitstop.check.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.check.grammar.Grammar;
import io.pitstop.check.grammar.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** posts.author_name goes; whoever uses it must be found, and nobody else. */
class UsesTest {
    private static final Grammar GRAMMAR = new Grammar();
    private static final Map<String, Set<String>> TABLES = Map.of(
            "posts", Set.of("id", "title", "author_name", "author_id"),
            "authors", Set.of("id", "name"),
            "logs", Set.of("id", "author_name"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT author_name FROM posts",
                "SELECT p.author_name FROM posts p WHERE id = $1",
                "SELECT public.posts.author_name FROM public.posts",
                "SELECT * FROM posts",
                "SELECT p.* FROM authors a JOIN posts p ON p.author_id = a.id",
                "SELECT id FROM posts ORDER BY author_name",
                "SELECT count(*) FROM posts GROUP BY lower(author_name)",
                "SELECT 1 FROM authors WHERE EXISTS (SELECT FROM posts WHERE author_name = name)",
                "SELECT (SELECT name FROM authors WHERE name = author_name) FROM posts",
                "SELECT a.id FROM authors a, LATERAL (SELECT id FROM posts WHERE author_name = a.name) p",
                "SELECT a.id FROM posts p, LATERAL (SELECT id FROM authors WHERE name = p.author_name) a",
                "SELECT id FROM posts JOIN logs USING (author_name)",
                "SELECT id FROM posts NATURAL JOIN logs",
                "SELECT id FROM authors UNION SELECT author_id FROM posts WHERE author_name = $1",
                "WITH p AS (SELECT author_name FROM posts) SELECT * FROM p",
                "WITH posts AS (SELECT * FROM posts) SELECT id FROM posts",
                "WITH new AS (INSERT INTO posts (author_name) VALUES ($1) RETURNING id) SELECT id FROM new",
                "INSERT INTO posts VALUES ($1, $2)",
                "INSERT INTO posts (id, author_name) VALUES ($1, $2)",
                "INSERT INTO authors (name) SELECT author_name FROM posts",
                "INSERT INTO posts (id) VALUES ($1) ON CONFLICT (author_name) DO NOTHING",
                "INSERT INTO posts (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET author_name = $2",
                "INSERT INTO posts (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET title = excluded.author_name",
                "INSERT INTO posts (id) VALUES ($1) RETURNING *",
                "UPDATE posts SET author_name = $1",
                "UPDATE posts SET (id, author_name) = (SELECT 1, 'x')",
                "UPDATE authors SET name = author_name FROM posts",
                "DELETE FROM posts WHERE author_name = $1",
                "DELETE FROM authors USING posts WHERE name = author_name",
                "MERGE INTO posts USING authors a ON a.id = author_id WHEN MATCHED THEN UPDATE SET author_name = a.name",
                "COPY posts TO STDOUT",
                "COPY posts (id, author_name) FROM STDIN",
                "COPY (SELECT author_name FROM posts) TO STDOUT",
                "DECLARE c CURSOR FOR SELECT author_name FROM posts"
            })
    void a_use_is_found(String sql) {
        assertThat(usesAuthorName(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id, title FROM posts WHERE author_id = $1",
                "SELECT count(*) FROM posts",
                "SELECT author_name FROM logs",
                "SELECT id FROM posts p JOIN authors a ON a.id = p.author_id WHERE a.name = $1",
                "SELECT a.name AS author_name FROM posts p JOIN authors a ON a.id = p.author_id ORDER BY author_name",
                "SELECT a.* FROM posts p JOIN authors a ON a.id = p.author_id",
                "SELECT * FROM (SELECT id FROM posts) p",
                "SELECT author_name FROM logs WHERE EXISTS (SELECT id FROM authors WHERE author_name = name)",
                "SELECT id FROM posts WHERE EXISTS (SELECT FROM logs WHERE author_name = $1)",
                "WITH posts AS (SELECT id, author_name FROM logs) SELECT author_name FROM posts",
                "SELECT author_name FROM other.posts",
                "INSERT INTO posts (id, title) VALUES ($1, $2) RETURNING id",
                "INSERT INTO posts DEFAULT VALUES",
                "INSERT INTO logs SELECT id, title FROM posts",
                "UPDATE posts SET title = $1 WHERE id = $2 RETURNING id, title",
                "DELETE FROM posts WHERE id = $1",
                "COPY posts (id, title) TO STDOUT",
                "ANALYZE posts (author_name)",
                "ALTER TABLE posts ALTER author_name SET STATISTICS 10",
                "SELECT title, interval $1 FROM posts"
            })
    void what_is_no_use_is_not_taken_for_one(String sql) {
        assertThat(usesAuthorName(sql)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT p FROM posts p", "SELECT to_jsonb(p) ->> $1 FROM posts p"})
    void a_row_as_a_whole_is_told_apart(String sql) {
        assertThat(uses(sql).relations()).contains(new Use("", "posts", Use.ROW));
        assertThat(usesAuthorName(sql)).isFalse();
    }

    @Test
    void the_functions_that_a_statement_calls_are_named() {
        assertThat(uses("SELECT blog.author_of(title), max(id) FROM posts WHERE id IN (SELECT f())")
                        .calls())
                .containsExactlyInAnyOrder(
                        new Call(new Named("blog", "author_of"), 1),
                        new Call(new Named("", "max"), 1),
                        new Call(new Named("", "f"), 0));
    }

    @Test
    void the_types_and_sequences_that_a_statement_names_are_told() {
        Uses uses = uses("SELECT $1::blog.mood, nextval('blog.\"Tickets\"'), currval($2) FROM posts");

        assertThat(uses.types()).containsExactly(new Named("blog", "mood"));
        assertThat(uses.sequences()).containsExactlyInAnyOrder(new Named("blog", "Tickets"), Named.HIDDEN);
    }

    @Test
    void fields_of_what_no_from_brings_in_are_told() {
        assertThat(uses("SELECT new.title, old.*, p.id FROM posts p").fields())
                .containsExactlyInAnyOrder(new Field("new", "title"), new Field("old", Use.ALL));
    }

    @Test
    void a_relation_is_used_whatever_is_done_with_it() {
        assertThat(uses("DELETE FROM posts").relations())
                .anyMatch(use -> use.needs("public", "posts"))
                .noneMatch(use -> use.needs("public", "authors"));
    }

    private static boolean usesAuthorName(String sql) {
        return uses(sql).relations().stream().anyMatch(use -> use.needs("public", "posts", "author_name"));
    }

    private static Uses uses(String sql) {
        List<Statement> statements = GRAMMAR.read(sql).statements();
        assertThat(statements).hasSize(1);
        return Uses.of(statements.get(0), (schema, name) -> TABLES.getOrDefault(name, Set.of()));
    }
}
