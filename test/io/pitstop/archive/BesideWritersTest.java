package io.pitstop.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.database.LockWatch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 40,000 posts that four writers change all the time, in either isolation; the table shadow knows what they hold. The
 * contract drops their author.
 */
class BesideWritersTest {
    private static final int POSTS = 40_000;

    /** What our own statements need, and what a busy machine adds. */
    private static final long LONGEST_WAIT_MS = 200 + 150;

    @TempDir
    private Path folder;

    @Test
    void no_write_is_missing_in_the_archive_and_nobody_waits_long() throws Exception {
        Vault vault = posts();
        vault.server.execute("CREATE TRIGGER shade AFTER INSERT OR DELETE OR UPDATE OF id, author ON posts"
                + " FOR EACH ROW EXECUTE FUNCTION shade()");
        vault.script("V1__author.sql", "DROP TRIGGER shade ON posts; ALTER TABLE posts DROP COLUMN author;");
        try (LockWatch locks = LockWatch.start(vault.server.database());
                Writers writers = new Writers(vault.server, POSTS, true)) {
            writers.await(200);
            vault.keep();
            writers.await(200);
            vault.contract();

            writers.end();
            assertThat(writers.failures).isEmpty();
            assertThat(longest(locks)).isLessThan(LONGEST_WAIT_MS);
            System.out.println("archive beside writers: " + writers.written + " writes, longest wait " + longest(locks)
                    + " ms; " + vault.lines);
        }
        assertThat(vault.server.query("SELECT count(*) FROM (SELECT id, author FROM shadow EXCEPT ALL"
                        + " SELECT id, author FROM pitstop_archive.a1_posts) AS lost"))
                .isEqualTo("0");
        assertThat(vault.server.query("SELECT count(*) FROM (SELECT id, author FROM pitstop_archive.a1_posts EXCEPT ALL"
                        + " SELECT id, author FROM shadow) AS invented"))
                .isEqualTo("0");
    }

    @Test
    void rows_come_back_while_they_are_written_and_nobody_waits_long() throws Exception {
        Vault vault = posts();
        vault.contract();
        Restored restored;
        try (LockWatch locks = LockWatch.start(vault.server.database());
                Writers writers = new Writers(vault.server, POSTS + 1, false)) {
            writers.await(300);
            restored = vault.restore();
            writers.await(100);

            writers.end();
            assertThat(writers.failures).isEmpty();
            assertThat(longest(locks)).isLessThan(LONGEST_WAIT_MS);
            System.out.println(
                    "restore beside writers: " + writers.written + " writes, longest wait " + longest(locks) + " ms");
        }
        assertThat(restored.changed()).isPositive();
        assertThat(restored.unknown()).isPositive();
        assertThat(vault.server.query("SELECT count(*) FROM posts JOIN shadow USING (id)"
                        + " WHERE posts.author IS DISTINCT FROM shadow.author"))
                .isEqualTo("0");
        assertThat(vault.server.query("SELECT count(*) FROM posts LEFT JOIN shadow USING (id)"
                        + " WHERE shadow.id IS NULL AND posts.author IS NOT NULL"))
                .isEqualTo("0");
    }

    private Vault posts() {
        Vault vault = new Vault(folder);
        vault.server.execute(
                "CREATE TABLE posts (id int PRIMARY KEY, author text, title text)",
                "CREATE INDEX posts_author ON posts (author)",
                "INSERT INTO posts SELECT g, 'a' || g, 't' || g FROM generate_series(1, " + POSTS + ") g",
                "CREATE TABLE shadow AS SELECT id, author FROM posts",
                "CREATE INDEX ON shadow (id)",
                """
                CREATE FUNCTION shade() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP <> 'INSERT' THEN DELETE FROM shadow WHERE id = OLD.id; END IF;
                    IF TG_OP <> 'DELETE' THEN INSERT INTO shadow VALUES (NEW.id, NEW.author); END IF;
                    RETURN NULL;
                END $$
                """,
                "VACUUM ANALYZE");
        return vault.script("V1__author.sql", "ALTER TABLE posts DROP COLUMN author;");
    }

    private static long longest(LockWatch locks) {
        return locks.longest().map(LockWatch.Wait::millis).orElse(0L);
    }
}
