package io.pitstop.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.check.finding.Finding;
import io.pitstop.check.finding.Findings;
import io.pitstop.check.script.Phase;
import io.pitstop.check.script.Version;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 1 has a table, an index on it and a bad type; version 2 is one release with a bad script in each phase. */
class ChecksTest {
    @TempDir
    private Path folder;

    private Repository repository;

    @BeforeEach
    void write() throws IOException {
        repository = new Repository(
                folder,
                """
                -- db/migration/V1__posts.sql
                CREATE TABLE posts (id bigint PRIMARY KEY, settings json);
                CREATE INDEX posts_settings ON posts (settings);
                -- db/migration/V2__drop.sql
                ALTER TABLE posts DROP COLUMN settings;
                -- db/migration/V2.1__tags.sql
                CREATE TABLE tags (id bigint PRIMARY KEY, name text);
                -- db/migration/V2.2__index_tags.sql
                CREATE INDEX tags_name ON tags (name);
                -- db/backfill/B1__posts.sql
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE a IS NULL
                ALTER TABLE posts ADD COLUMN a int;
                -- db/finish/V2.1__index.sql
                CREATE INDEX posts_a ON posts (a);
                -- db/contract/V2.1__truncate.sql
                TRUNCATE posts;
                """);
    }

    @Test
    void what_is_applied_is_not_judged() {
        assertThat(rules(Selection.since(version("1"))))
                .containsExactly("drop-column", "schema-in-backfill", "create-index", "truncate");
    }

    @Test
    void since_is_a_version_in_every_folder_but_the_backfill_is_always_judged() {
        assertThat(rules(Selection.since(version("2.1")))).containsExactly("create-index", "schema-in-backfill");
        assertThat(rules(Selection.since(version("9")))).containsExactly("schema-in-backfill");
    }

    @Test
    void without_knowing_what_is_applied_each_script_is_a_release() {
        assertThat(rules(Selection.everything()))
                .containsExactly(
                        "json-column", "drop-column", "create-index", "schema-in-backfill", "create-index", "truncate");
    }

    @Test
    void a_step_judges_what_is_pending_and_all_of_the_backfill() {
        List<Path> pending = List.of(folder.resolve("db/finish/V2.1__index.sql"));

        assertThat(rules(Selection.of(pending, Phase.BACKFILL))).containsExactly("schema-in-backfill", "create-index");
        assertThat(rules(Selection.of(List.of()))).isEmpty();
    }

    @Test
    void phases_can_be_chosen() {
        assertThat(rules(Selection.since(version("1")).in(Set.of(Phase.CONTRACT))))
                .containsExactly("truncate");
    }

    @Test
    void findings_name_files_from_the_folder_on() {
        Findings findings = repository.judge();

        assertThat(findings.all().get(0).file()).isEqualTo(Path.of("db/migration/V2__drop.sql"));
        assertThat(findings.judged()).hasSize(6).contains(Path.of("db/migration/V2.1__tags.sql"));
    }

    @Test
    void a_file_that_is_no_script_is_named() {
        assertThatThrownBy(() -> repository.judge(Selection.of(List.of(folder.resolve("db/other/V1__a.sql")))))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("V1__a.sql is not a script");
    }

    @Test
    void a_file_in_another_encoding_is_named() throws IOException {
        Files.write(
                folder.resolve("db/migration/V3__x.sql"),
                "COMMENT ON TABLE posts IS 'ä';".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> repository.judge())
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("V3__x.sql cannot be read: it is not UTF-8");
    }

    @Test
    void a_password_in_a_script_is_not_shown() throws IOException {
        Repository other = new Repository(
                folder.resolve("other"),
                "DO $$ BEGIN EXECUTE 'CREATE ROLE r' || 1; PERFORM 1; END $$;\n"
                        + "ALTER TABLE posts DROP COLUMN a; -- password 'secret'\n");

        assertThat(other.judge().all().toString()).doesNotContain("secret");
    }

    private List<String> rules(Selection selection) {
        return repository.judge(selection).all().stream().map(Finding::rule).toList();
    }

    private static Version version(String text) {
        return Version.of(text).orElseThrow();
    }
}
