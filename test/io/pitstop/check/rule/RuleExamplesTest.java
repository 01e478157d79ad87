package io.pitstop.check.rule;

import io.pitstop.check.Repository;
import io.pitstop.database.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL runs what the rules recommend, in a database with the tables that the examples speak of. */
class RuleExamplesTest {
    /** There is no such extension, and no older version of one, in a plain PostgreSQL. */
    private static final Set<String> NOT_TO_BE_RUN = Set.of("extension-update");

    /** How an example begins that an older server does not understand. */
    private static final Pattern SINCE = Pattern.compile("^-- PostgreSQL (\\d+)");

    private static final Pattern CREATED = Pattern.compile("(?m)^CREATE TABLE (\\w+)");

    private static final Pattern ADDED = Pattern.compile("ADD COLUMN (\\w+)");

    private static final List<String> THERE = List.of(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'blog') THEN"
                    + " CREATE ROLE blog; CREATE ROLE archive; END IF; END $$",
            "CREATE TYPE status AS ENUM ('draft', 'published')",
            "CREATE DOMAIN email AS text",
            "CREATE TABLE blogs (id bigint PRIMARY KEY)",
            "CREATE TABLE authors (id bigint PRIMARY KEY, email text, name text)",
            "CREATE UNIQUE INDEX authors_by_email ON authors (email)",
            """
            CREATE TABLE posts (
                id bigint PRIMARY KEY, title text, content text, slug text, day date, likes int, author text,
                author_name text NOT NULL, author_email text, author_id bigint, blog_id bigint, status status)
            """,
            "CREATE INDEX posts_author_email ON posts (author_email)",
            "CREATE INDEX posts_slug ON posts (slug)",
            "CREATE INDEX posts_author_id ON posts (author_id)",
            "CREATE SCHEMA blog",
            "CREATE TABLE blog.posts (id bigint PRIMARY KEY)",
            "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
            "CREATE TABLE settings (key text PRIMARY KEY, value text)",
            "CREATE TABLE slugs (post_id bigint, slug text)",
            "CREATE TABLE old_events (id bigint, day date)",
            "CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day)",
            "CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
            "CREATE TABLE comments (id bigint PRIMARY KEY, content text)",
            "CREATE SCHEMA legacy",
            "CREATE TABLE legacy.comments (id bigint)",
            "CREATE VIEW recent_posts AS SELECT id, title FROM posts",
            "CREATE MATERIALIZED VIEW top_posts AS SELECT id, title FROM posts",
            "CREATE FUNCTION clean() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE FUNCTION slug() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE FUNCTION posts_slug() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");

    /** What is there only if the example speaks of it, for it would be in the way of others. */
    private static final Map<String, String> THERE_IF_MENTIONED = Map.of(
            "DROP VIEW recent_comments", "CREATE VIEW recent_comments AS SELECT id FROM comments",
            "DROP TRIGGER zz_posts_slug",
                    "CREATE TRIGGER zz_posts_slug BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION posts_slug()");

    @TempDir
    private Path folder;

    static List<Rule> rules() {
        return Rules.all().stream()
                .filter(rule -> !NOT_TO_BE_RUN.contains(rule.id()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void what_is_recommended_runs(Rule rule) throws Exception {
        String example = rule.instead();
        SINCE.matcher(example)
                .results()
                .forEach(version -> TestDatabase.assumeAtLeast(
                        Integer.parseInt(version.group(1)), "what is recommended by " + rule.id()));
        TestDatabase database = TestDatabase.create().execute(THERE.toArray(String[]::new));
        CREATED.matcher(example)
                .results()
                .forEach(table -> database.execute("DROP TABLE IF EXISTS " + table.group(1) + " CASCADE"));
        ADDED.matcher(example)
                .results()
                .filter(column -> !example.contains("CREATE TABLE posts"))
                .forEach(column -> database.execute("ALTER TABLE posts DROP COLUMN IF EXISTS " + column.group(1)));
        THERE_IF_MENTIONED.forEach((words, sql) -> {
            if (example.contains(words)) {
                database.execute(sql);
            }
        });

        for (Path script : new Repository(folder, rule.instead()).scripts()) {
            database.execute(
                    Files.readString(script).replaceAll(":from\\b", "1").replaceAll(":to\\b", "9"));
        }
    }
}
