package io.pitstop.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 60,000 posts; a script drops a column of theirs and another one a whole table. The process is killed (-9) all the time. */
class KilledTest {
    @TempDir
    private Path folder;

    @Test
    void what_is_killed_and_run_again_loses_nothing_and_comes_back_as_it_was() throws Exception {
        Vault vault = new Vault(folder);
        vault.server.execute(
                "CREATE TABLE posts (id int PRIMARY KEY, author text NOT NULL DEFAULT 'nobody', title text)",
                "CREATE INDEX posts_author ON posts (author)",
                "COMMENT ON COLUMN posts.author IS 'who'",
                "INSERT INTO posts SELECT g, 'a' || g, 't' || g FROM generate_series(1, 60000) g",
                "CREATE TABLE tags (name text PRIMARY KEY, post int REFERENCES posts NOT NULL, CHECK (post > 0))",
                "INSERT INTO tags SELECT 'tag' || g, g FROM generate_series(1, 60000) g",
                "CREATE INDEX tags_post ON tags (post)");
        vault.script("V1__author.sql", "ALTER TABLE posts DROP COLUMN author;");
        vault.script("V2__tags.sql", "DROP TABLE tags;");
        Set<String> before = CatalogPicture.of(vault.server);
        String rows = rows(vault);

        int killedContracts = OtherProcess.killedUntilDone("contract", folder, vault.server, 600, 150);
        assertThat(vault.server.query("SELECT to_regclass('tags')")).isEqualTo("null");
        assertThat(vault.server.query("SELECT string_agg(rows || state, ' ' ORDER BY id) FROM pitstop.archives"))
                .isEqualTo("60000dropped 60000dropped");
        int killedRestores = OtherProcess.killedUntilDone("restore", folder, vault.server, 600, 150);

        System.out.println("contract was killed " + killedContracts + " times, restore " + killedRestores);
        assertThat(CatalogPicture.differences(before, CatalogPicture.of(vault.server)))
                .isEmpty();
        assertThat(rows(vault)).isEqualTo(rows);
        Restored again = vault.restore();
        assertThat(again.problems()).isEmpty();
        assertThat(again.unknown()).isZero();
    }

    private static String rows(Vault vault) {
        return vault.server.query("SELECT (SELECT sum(hashtextextended(ROW(id, author, title)::text, 0)) FROM posts)"
                + " || ' ' || (SELECT sum(hashtextextended(ROW(name, post)::text, 0)) FROM tags)");
    }
}
