package io.pitstop.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 1,000 posts; the contract drops their column author with the trigger that fills it. */
class RestorationTest {
    @TempDir
    private Path folder;

    private Vault vault;

    @BeforeEach
    void begin() {
        vault = new Vault(folder);
        vault.server.execute(
                "CREATE TABLE posts (id int PRIMARY KEY, author text NOT NULL, title text, author_id int)",
                "CREATE INDEX posts_author ON posts (author)",
                "ALTER TABLE posts ADD CONSTRAINT author_short CHECK (length(author) < 20)",
                "COMMENT ON COLUMN posts.author IS 'who ''wrote'' it'",
                "INSERT INTO posts SELECT g, 'a' || g, 't' || g, g FROM generate_series(1, 1000) g",
                """
                CREATE FUNCTION name_author() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN NEW.author := 'a' || NEW.author_id; RETURN NEW; END $$
                """,
                "CREATE TRIGGER zz_author BEFORE INSERT OR UPDATE OF author_id ON posts FOR EACH ROW"
                        + " EXECUTE FUNCTION name_author()");
        vault.script(
                "V1__author.sql",
                "DROP TRIGGER zz_author ON posts; ALTER TABLE posts DROP COLUMN author; DROP FUNCTION name_author();");
    }

    @Test
    void what_was_dropped_is_back_with_its_rows() {
        String before = vault.server.query("SELECT string_agg(id || author, ' ' ORDER BY id) FROM posts");
        vault.contract();

        Restored restored = vault.restore();

        assertThat(restored.problems()).isEmpty();
        assertThat(restored.rows()).isEqualTo(1_000);
        assertThat(restored.isComplete()).isTrue();
        assertThat(vault.server.query("SELECT string_agg(id || author, ' ' ORDER BY id) FROM posts"))
                .isEqualTo(before);
        assertThat(vault.server.query("SELECT attnotnull FROM pg_attribute WHERE attrelid = 'posts'::regclass"
                        + " AND attname = 'author'"))
                .isEqualTo("t");
        assertThat(vault.server.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'posts_author'::regclass"))
                .isEqualTo("t");
        vault.server.execute("INSERT INTO posts (id, title, author_id) VALUES (2000, 'x', 77)");
        assertThat(vault.server.query("SELECT author FROM posts WHERE id = 2000"))
                .isEqualTo("a77");
    }

    @Test
    void rows_that_were_inserted_since_are_not_known_and_not_bound() {
        vault.contract();
        vault.server.execute(
                "INSERT INTO posts (id, title, author_id) VALUES (2000, 'x', 77), (2001, 'y', 78)",
                "UPDATE posts SET title = 'new' WHERE id = 5",
                "DELETE FROM posts WHERE id = 6");

        Restored restored = vault.restore();

        assertThat(restored.unknown()).isEqualTo(2);
        assertThat(restored.changed()).isEqualTo(1);
        assertThat(restored.rows()).isEqualTo(999);
        assertThat(restored.problems())
                .extracting(Restored.Problem::reason)
                .containsExactly("2 rows of public.posts have no author");
        assertThat(restored.isComplete()).isFalse();
        vault.server.execute("UPDATE posts SET title = 'newer' WHERE id = 2000");

        vault.server.execute("UPDATE posts SET author = 'known' WHERE author IS NULL");
        assertThat(vault.restore().problems()).isEmpty();
    }
}
