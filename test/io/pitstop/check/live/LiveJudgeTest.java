package io.pitstop.check.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.check.Repository;
import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.finding.Judge;
import io.pitstop.check.finding.Severity;
import io.pitstop.check.trial.Trials;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Production has posts; the application runs the statements that a test names while version 2 is applied. */
class LiveJudgeTest {
    private static final String TODAY =
            """
            -- db/migration/V1__posts.sql
            CREATE TABLE posts (id bigint PRIMARY KEY, title text, written timestamptz);
            -- db/migration/V2__example.sql
            """;

    private static final String DROP = "DO $$ BEGIN EXECUTE 'ALTER TABLE posts DROP COLUMN ' || 'title'; END $$;";

    @TempDir
    private Path folder;

    @Test
    void a_statement_that_uses_a_dropped_column_dies_at_the_step_that_drops_it() throws IOException {
        Finding finding = live(judge(
                "COMMENT ON TABLE posts IS 'all';\n" + DROP,
                "SELECT id, title FROM posts WHERE id = $1",
                "SELECT id FROM posts WHERE id = $1"));

        assertThat(finding.judge()).isEqualTo(Judge.LIVE);
        assertThat(finding.rule()).isEqualTo("live-statement-fails");
        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.file()).isEqualTo(Path.of("db/migration/V2__example.sql"));
        assertThat(finding.line()).isEqualTo(2);
        assertThat(finding.why())
                .contains("SELECT id, title FROM posts WHERE id = $1 (column \"title\" does not exist)")
                .doesNotContain("SELECT id FROM");
    }

    @Test
    void a_write_dies_as_well() throws IOException {
        assertThat(live(judge(DROP, "INSERT INTO posts (id, title) VALUES ($1, $2)"))
                        .rule())
                .isEqualTo("live-statement-fails");
    }

    @Test
    void when_the_old_version_is_gone_its_statements_may_die_but_are_named() throws IOException {
        Finding finding = live(
                judge("-- db/contract/V2__drop.sql\nALTER TABLE posts DROP COLUMN title;", "SELECT title FROM posts"));

        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void allowing_what_the_text_does_does_not_silence_the_application() throws IOException {
        Findings findings = judge(
                "-- pitstop:allow drop-column because nobody reads it\nALTER TABLE posts DROP COLUMN title;",
                "SELECT title FROM posts");

        assertThat(findings.errors()).extracting(Finding::rule).containsExactly("live-statement-fails");
    }

    @Test
    void a_result_of_all_columns_changes_with_a_new_one() throws IOException {
        Finding finding =
                live(judge("ALTER TABLE posts ADD COLUMN slug text;", "SELECT * FROM posts", "SELECT id FROM posts"));

        assertThat(finding.rule()).isEqualTo("live-statement-changes");
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.why()).contains("It concerns: SELECT * FROM posts.");
    }

    @Test
    void after_a_change_of_its_result_a_statement_is_still_watched() throws IOException {
        Findings findings = judge(
                "ALTER TABLE posts ADD COLUMN slug text;\n-- db/migration/V3__drop.sql\n" + DROP,
                "SELECT *, title FROM posts");

        assertThat(findings.all())
                .filteredOn(finding -> finding.judge() == Judge.LIVE)
                .extracting(Finding::rule)
                .containsExactly("live-statement-changes", "live-statement-fails");
    }

    @Test
    void what_is_there_again_when_its_transaction_ends_was_never_gone() throws IOException {
        String swap =
                """
                ALTER TABLE posts RENAME TO articles;
                CREATE VIEW posts AS SELECT * FROM articles;""";

        assertThat(judge(swap, "SELECT title FROM posts WHERE id = $1").all())
                .noneMatch(finding -> finding.judge() == Judge.LIVE);
    }

    @Test
    void in_a_script_without_a_transaction_each_statement_is_a_step() throws IOException {
        Finding finding = live(judge(
                "CREATE INDEX CONCURRENTLY posts_title ON posts (title);\n" + DROP + "\nVACUUM posts;",
                "SELECT title FROM posts"));

        assertThat(finding.line()).isEqualTo(2);
    }

    @Test
    void what_cannot_be_prepared_today_is_counted_apart_and_blamed_on_nobody() throws IOException {
        Findings findings = judge(DROP, "SELECT nothing FROM other_schema.jobs", "SELECT id FROM posts");

        assertThat(findings.all()).noneMatch(finding -> finding.judge() == Judge.LIVE);
        assertThat(findings.notes())
                .contains("live statements: 1 of 2 were prepared against every schema of the migration")
                .anyMatch(note -> note.contains("SELECT nothing FROM other_schema.jobs"));
    }

    @Test
    void constants_with_a_type_before_them_are_understood_though_their_value_is_gone() throws IOException {
        assertThat(judge(DROP, "SELECT title FROM posts WHERE written > now() - interval $1")
                        .errors())
                .extracting(Finding::rule)
                .contains("live-statement-fails");
    }

    private Findings judge(String script, String... statements) throws IOException {
        return new Repository(folder, TODAY + script)
                .tried(Trials.of(statements))
                .judge();
    }

    private static Finding live(Findings findings) {
        assertThat(findings.all())
                .filteredOn(finding -> finding.judge() == Judge.LIVE)
                .hasSize(1);
        return findings.all().stream()
                .filter(finding -> finding.judge() == Judge.LIVE)
                .findFirst()
                .orElseThrow();
    }
}
