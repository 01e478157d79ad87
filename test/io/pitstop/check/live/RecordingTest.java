package io.pitstop.check.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.check.Repository;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.trial.Trials;
import io.pitstop.database.TestDatabase;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with pg_stat_statements, on which an application reads and writes posts in a role of its own. */
class RecordingTest {
    private static final String ROLE = "recorded_blog";

    @TempDir
    private Path folder;

    private final TestDatabase production = TestDatabase.create();

    @BeforeEach
    void begin() {
        production.execute(
                "CREATE EXTENSION IF NOT EXISTS pg_stat_statements",
                "DO $$ BEGIN CREATE ROLE " + ROLE + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "CREATE TABLE posts (id bigint PRIMARY KEY, title text, written timestamptz)",
                "GRANT ALL ON posts TO " + ROLE);
    }

    @Test
    void what_the_role_of_the_application_ran_is_recorded_the_most_frequent_first() {
        application(
                "SELECT title FROM posts WHERE id = 7",
                "SELECT title FROM posts WHERE id = 8",
                "/* app */ INSERT INTO posts VALUES (7, 'a secret')",
                "SET work_mem = '5MB'",
                "CREATE TEMP TABLE mine (a int)");

        assertThat(record().statements())
                .satisfiesExactly(
                        most -> assertThat(most)
                                .isEqualTo(new LiveStatement("SELECT title FROM posts WHERE id = $1", 2)),
                        // Older servers keep a comment in front of it.
                        other -> assertThat(other.query())
                                .matches("(/\\* app \\*/ )?INSERT INTO posts VALUES \\(\\$1, \\$2\\)"));
    }

    @Test
    void what_other_databases_and_roles_run_is_not_the_application() {
        TestDatabase.create().execute("SET ROLE " + ROLE, "SELECT 1");
        production.execute("SELECT title FROM posts");
        application("SELECT id FROM posts");

        assertThat(record().statements()).containsExactly(new LiveStatement("SELECT id FROM posts", 1));
        assertThat(Recording.of(production.database(), List.of()).statements())
                .as("of no role by name: of all but superusers")
                .containsExactly(new LiveStatement("SELECT id FROM posts", 1));
    }

    @Test
    void what_was_recorded_on_one_server_is_judged_without_it() throws Exception {
        application(
                "SELECT id, title FROM posts WHERE id = 1",
                "SELECT id FROM posts WHERE id IN (1, 2, 3) ORDER BY 1 LIMIT 10 OFFSET 5",
                "SELECT id FROM posts WHERE written > now() - interval '1 day' AND written < timestamptz '2030-01-01'",
                "SELECT id FROM posts WHERE written::date = date '2030-01-01' AND extract(year FROM written) = 2030"
                        + " AND written > timestamp with time zone '2030-01-01' - interval '3' day",
                "UPDATE posts SET written = now() WHERE id = 1 AND written BETWEEN '2020-01-01' AND '2021-01-01'",
                "WITH new AS (SELECT 5 AS id) INSERT INTO posts (id) SELECT id FROM new ON CONFLICT DO NOTHING");
        Path file = folder.resolve("live.json");
        record().write(file);
        production.execute("DROP TABLE posts");

        String[] statements = Recording.load(file).statements().stream()
                .map(LiveStatement::query)
                .toArray(String[]::new);
        Findings findings = new Repository(
                        folder.resolve("elsewhere"),
                        """
                        -- db/migration/V1__posts.sql
                        CREATE TABLE posts (id bigint PRIMARY KEY, title text, written timestamptz);
                        -- db/migration/V2__example.sql
                        DO $$ BEGIN EXECUTE 'ALTER TABLE posts DROP COLUMN ' || 'title'; END $$;
                        """)
                .tried(Trials.of(statements))
                .judge();

        assertThat(findings.notes())
                .contains("live statements: 5 of 6 were prepared against every schema of the migration")
                // Its 5 was a number, a parameter in its place is text, and nobody can tell.
                .anyMatch(
                        note -> note.endsWith("WITH new AS (SELECT $1 AS id) INSERT INTO posts (id) SELECT id FROM new"
                                + " ON CONFLICT DO NOTHING"));
        assertThat(findings.all())
                .filteredOn(finding -> finding.judge() == Judge.LIVE)
                .singleElement()
                .extracting(Finding::why)
                .asString()
                .contains("SELECT id, title FROM posts WHERE id = $1 (column \"title\" does not exist)");
    }

    @Test
    void an_extension_off_the_search_path_is_found() {
        production.execute(
                "DROP EXTENSION pg_stat_statements",
                "CREATE SCHEMA \"Statistics\"",
                "CREATE EXTENSION pg_stat_statements SCHEMA \"Statistics\"");
        application("SELECT title FROM posts");

        assertThat(record().statements()).containsExactly(new LiveStatement("SELECT title FROM posts", 1));
    }

    @Test
    void what_is_ours_is_nobodys_application() {
        production.execute(
                "CREATE SCHEMA pitstop",
                "CREATE TABLE pitstop.schema_history (id int)",
                "CREATE TABLE pitstop_finish_history (id int)",
                "GRANT ALL ON SCHEMA pitstop TO " + ROLE,
                "GRANT ALL ON pitstop.schema_history, pitstop_finish_history TO " + ROLE);
        application(
                "SELECT id FROM \"pitstop\".\"schema_history\"",
                "SELECT id FROM \"public\".\"pitstop_finish_history\"",
                "SELECT /* pitstop */ id FROM posts",
                "SELECT title FROM posts");

        assertThat(record().statements()).containsExactly(new LiveStatement("SELECT title FROM posts", 1));
    }

    @Test
    void a_server_without_the_extension_is_said_to_be_one() {
        production.execute("DROP EXTENSION pg_stat_statements");

        assertThat(record().statements()).isEmpty();
        assertThat(record().notes()).singleElement().asString().contains("pg_stat_statements");
    }

    @Test
    void a_file_gives_back_what_was_written() {
        Recording recording = new Recording(List.of(new LiveStatement("SELECT 'ä'", 3)), List.of());

        recording.write(folder.resolve("new/live.json"));

        assertThat(Recording.load(folder.resolve("new/live.json"))).isEqualTo(recording);
    }

    @Test
    void a_file_that_is_none_is_named() {
        assertThatThrownBy(() -> Recording.load(folder.resolve("none.json")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("none.json");
    }

    private void application(String... statements) {
        String[] all = new String[statements.length + 1];
        all[0] = "SET ROLE " + ROLE;
        System.arraycopy(statements, 0, all, 1, statements.length);
        production.execute(all);
    }

    private Recording record() {
        return Recording.of(production.database(), List.of(ROLE));
    }
}
