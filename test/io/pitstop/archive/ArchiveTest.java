package io.pitstop.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 1,000 posts; the contract drops their column author. */
class ArchiveTest {
    @TempDir
    private Path folder;

    private Vault vault;

    @BeforeEach
    void begin() {
        vault = new Vault(folder);
        vault.server.execute(
                "CREATE TABLE posts (id int PRIMARY KEY, author text NOT NULL DEFAULT 'nobody', title text)",
                "CREATE INDEX posts_author ON posts (author)",
                "INSERT INTO posts SELECT g, 'a' || g, 't' || g FROM generate_series(1, 1000) g");
        vault.script("V1__author.sql", "ALTER TABLE posts DROP COLUMN author;");
    }

    @Test
    void a_column_is_kept_with_the_key_of_its_row() {
        assertThat(vault.keep())
                .containsExactly(
                        "V1__author.sql: 1,000 rows of public.posts (author)", "V1__author.sql: 4 definitions");

        assertThat(vault.server.query("SELECT count(*) FROM pitstop_archive.a1_posts JOIN posts USING (id, author)"))
                .isEqualTo("1000");
        assertThat(vault.server.query("SELECT state || ' ' || rows FROM pitstop.archives"))
                .isEqualTo("verified 1000");
    }

    @Test
    void what_changes_before_the_drop_is_kept_as_it_was_last() {
        vault.keep();
        vault.server.execute(
                "UPDATE posts SET author = 'new' WHERE id = 7",
                "DELETE FROM posts WHERE id = 8",
                "UPDATE posts SET id = 2000 WHERE id = 9",
                "INSERT INTO posts VALUES (3000, 'ann', 'x')",
                "UPDATE posts SET title = 'other' WHERE id = 10");
        assertThat(vault.server.query("SELECT count(*) FROM pitstop_archive.a1_changes"))
                .isEqualTo("5");

        vault.contract();

        assertThat(vault.server.query("SELECT string_agg(id || author, ' ' ORDER BY id) FROM pitstop_archive.a1_posts"
                        + " WHERE id IN (7, 8, 9, 10, 2000, 3000)"))
                .isEqualTo("7new 10a10 2000a9 3000ann");
        assertThat(vault.server.query("SELECT count(*) FROM pitstop_archive.a1_posts"))
                .isEqualTo("1000");
        assertThat(vault.server.query("SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute"
                        + " WHERE attrelid = 'posts'::regclass AND attnum > 0 AND NOT attisdropped"))
                .isEqualTo("id title");
        assertThat(vault.server.query("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'posts'::regclass"))
                .isEqualTo("0");
    }
}
