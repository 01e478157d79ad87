package io.pitstop.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A blog with a post, and a transaction that was prepared and forgotten. */
class BesidePreparedTest {
    private static final String NAMED = "prepared transaction 'bank''s 7' of postgres in database t";
    private static final String END = "COMMIT PREPARED 'bank''s 7' or ROLLBACK PREPARED 'bank''s 7' in database t";

    private Blog blog;

    @BeforeEach
    void begin(@TempDir Path folder) {
        blog = new Blog(folder);
        blog.script(
                "V1__posts.sql",
                "CREATE TABLE posts (id int PRIMARY KEY, name text);",
                "CREATE TABLE authors (id int);",
                "INSERT INTO posts VALUES (1);");
        blog.expand();
        blog.lines.clear();
    }

    @AfterEach
    void end() {
        blog.server.execute("ROLLBACK PREPARED 'bank''s 7'");
    }

    @Test
    void the_locks_that_it_keeps_are_not_waited_for_without_end_and_it_is_named() {
        blog.lockWithin(Duration.ofMillis(1_000));
        blog.script("V2__age.sql", "ALTER TABLE posts ADD COLUMN age int;");
        prepared("SELECT id FROM posts");

        DependencyFailed failure = catchThrowableOfType(DependencyFailed.class, blog::expand);

        assertThat(failure).hasMessageContaining("In the way: " + NAMED).hasMessageContaining(", open for ");
        assertThat(failure.hint()).contains(END).endsWith(", and run the step again.");
        assertThat(blog.lines).anyMatch(line -> line.contains("waits for a lock; in the way: " + NAMED));
    }

    @Test
    void a_concurrent_build_is_not_begun_while_an_old_one_has_written_to_its_table() {
        blog.lockWithin(Duration.ofMillis(400));
        blog.script("V2__by_name.sql", "CREATE INDEX CONCURRENTLY posts_name ON posts (name);");
        prepared("UPDATE posts SET name = 'new'");
        itGrowsOld();

        MoveRefused refusal = catchThrowableOfType(MoveRefused.class, blog::expand);

        assertThat(refusal)
                .hasMessageContaining("V2__by_name.sql would have to wait for " + NAMED)
                .hasMessageContaining("It was not begun.");
        assertThat(refusal.hint()).contains(END);
        assertThat(blog.server.query("SELECT to_regclass('posts_name')")).isEqualTo("null");
    }

    @Test
    void a_concurrent_build_waits_for_a_young_one_within_its_time() {
        blog.lockWithin(Duration.ofSeconds(3));
        blog.script("V2__by_name.sql", "CREATE INDEX CONCURRENTLY posts_name ON posts (name);");
        prepared("UPDATE posts SET name = 'new'");

        assertThatThrownBy(blog::expand)
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("had to wait for longer than 3s. In the way: " + NAMED)
                .hasMessageContaining("is removed, now or by the next run");
        assertThat(blog.lines).anyMatch(line -> line.contains("leaves an unfinished index to the next run"));

        blog.server.execute("ROLLBACK PREPARED 'bank''s 7'");
        assertThat(blog.expand()).hasSize(1);
        assertThat(blog.server.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'posts_name'::regclass"))
                .isEqualTo("t");
        prepared("SELECT 1");
    }

    @Test
    void one_of_another_table_or_that_only_reads_is_in_nobodys_way() {
        blog.lockWithin(Duration.ofMillis(400));
        blog.script("V2__by_name.sql", "CREATE INDEX CONCURRENTLY posts_name ON posts (name);");
        prepared("INSERT INTO authors SELECT id FROM posts");
        itGrowsOld();

        assertThat(blog.expand()).hasSize(1);
    }

    private void itGrowsOld() {
        blog.server.awaitQuery("SELECT now() - prepared > interval '500 ms' FROM pg_prepared_xacts", "t");
    }

    private void prepared(String sql) {
        blog.server.execute("BEGIN", sql, "PREPARE TRANSACTION 'bank''s 7'");
    }
}
