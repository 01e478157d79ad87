package io.pitstop.check.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL's own parser, as the build made it from the package that it fetched. */
class GrammarTest {
    private static final Grammar GRAMMAR = new Grammar();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID",
                "ALTER TABLE a ADD CONSTRAINT c PRIMARY KEY USING INDEX i",
                "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
                "CREATE UNIQUE INDEX CONCURRENTLY i ON a (lower(b) text_pattern_ops) INCLUDE (c) WHERE d IS NULL",
                "REINDEX (VERBOSE, CONCURRENTLY) TABLE a",
                "CREATE TABLE a (b int GENERATED ALWAYS AS (c * 2) VIRTUAL, EXCLUDE USING gist (d WITH &&))",
                "CREATE FUNCTION f(a int) RETURNS int IMMUTABLE BEGIN ATOMIC SELECT a + 1; SELECT a; END",
                "MERGE INTO a USING b ON a.c = b.c WHEN MATCHED THEN DELETE",
                "VACUUM (ANALYZE, PARALLEL 2) a",
                "TRUNCATE a RESTART IDENTITY CASCADE"
            })
    void it_reads_what_migrations_are_made_of(String statement) {
        Parsed parsed = GRAMMAR.read(statement);

        assertThat(parsed.mistakes()).isEmpty();
        assertThat(parsed.statements()).hasSize(1);
    }

    @Test
    void a_statement_knows_its_lines_and_those_of_its_parts() {
        Parsed parsed = GRAMMAR.read("-- Grüße, 你好\n\nALTER TABLE a\n  ADD b int,\n  ADD c text;\n\nSELECT 1");

        assertThat(parsed.statements()).extracting(Statement::line).containsExactly(3, 7);
        assertThat(parsed.statements()).extracting(Statement::lastLine).containsExactly(5, 7);
        Statement alter = parsed.statements().get(0);
        assertThat(alter.node().children("cmds"))
                .extracting(command -> alter.line(command.child("def")))
                .containsExactly(4, 5);
        assertThat(alter.text()).startsWith("ALTER TABLE a").endsWith("ADD c text");
    }

    @Test
    void a_mistake_does_not_hide_the_statements_around_it() {
        Parsed parsed = GRAMMAR.read("SELECT 1;\nALTER TABL a;\nSELECT ';', 2;\n");

        assertThat(parsed.statements()).extracting(Statement::line).containsExactly(1, 3);
        assertThat(parsed.mistakes())
                .containsExactly(new Mistake("syntax error at or near \"TABL\"", "ALTER TABL a;", 2));
    }

    @Test
    void the_line_of_a_mistake_is_right_behind_letters_of_several_bytes() {
        assertThat(GRAMMAR.read("SELECT 'äöü 你好 äöü', 1;\nSELECT 'ßßß' FROM;").mistakes())
                .extracting(Mistake::line)
                .containsExactly(2);
    }

    @Test
    void nothing_is_a_script_without_statements() {
        assertThat(GRAMMAR.read("").mistakes()).isEmpty();
        assertThat(GRAMMAR.read("\n-- only this\n").statements()).isEmpty();
    }

    @Test
    void of_a_script_that_was_applied_only_the_definitions_of_some_names_are_read() {
        Parsed parsed = GRAMMAR.readDefinitions(
                """
                INSERT INTO posts VALUES ('ä;');
                CREATE TABLE posts (slug text);
                CREATE TABLE tags (post_id bigint REFERENCES posts);
                UPDATE posts SET slug = '';
                CREATE INDEX CONCURRENTLY by_slug ON blog."Posts" (slug);
                DO $$ BEGIN ALTER TABLE posts ADD day date; END $$;
                """,
                Grammar.words("ALTER TABLE Posts ADD COLUMN x int"));

        assertThat(parsed.statements())
                .extracting(Statement::kind)
                .containsExactly("CreateStmt", "IndexStmt", "DoStmt");
        assertThat(parsed.statements()).extracting(Statement::line).containsExactly(2, 5, 6);
    }

    @Test
    void a_quote_without_end_is_a_mistake() {
        assertThat(GRAMMAR.read("SELECT 'a;").mistakes()).hasSize(1);
    }

    @Test
    void comments_are_told_from_what_looks_like_one() {
        Parsed parsed = GRAMMAR.read("SELECT '-- no', $$ -- no $$; -- yes\n/* yes; */");

        assertThat(parsed.tokens().stream().filter(token -> token.kind() == Token.Kind.COMMENT))
                .extracting(Token::text)
                .containsExactly("-- yes", "/* yes; */");
    }

    @Test
    void a_block_shows_what_it_runs() {
        Parsed parsed = GRAMMAR.read(
                """
                SELECT 1;
                DO $$
                DECLARE r record;
                BEGIN
                    FOR r IN SELECT id FROM a LOOP
                        UPDATE a SET b = 1 WHERE id = r.id;
                    END LOOP;
                    EXECUTE 'DROP TABLE c';
                END $$;
                """);

        Block block = GRAMMAR.block(parsed.statements().get(1));

        assertThat(block.complete()).isTrue();
        assertThat(block.statements()).extracting(Statement::kind).containsExactly("UpdateStmt", "DropStmt");
        assertThat(block.statements()).extracting(Statement::line).containsExactly(6, 8);
    }

    @Test
    void a_block_that_composes_sql_does_not_show_all() {
        Parsed parsed = GRAMMAR.read("DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'a'); END $$");

        assertThat(GRAMMAR.block(parsed.statements().get(0)).complete()).isFalse();
    }

    @Test
    void many_scripts_leave_nothing_behind() {
        for (int i = 0; i < 100; i++) {
            String column = "c" + i;
            assertThat(GRAMMAR.read("ALTER TABLE a ADD " + column + " int; ALTER TABL")
                            .mistakes())
                    .hasSize(1);
        }
    }

    @Test
    void a_large_script_is_read() {
        String script = "INSERT INTO a (b, c) VALUES (1, 'some text that is not short');\n".repeat(200);

        assertThat(GRAMMAR.read(script).statements()).hasSize(200);
    }
}
