package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pitstop.database.Statistics;
import io.pitstop.error.MoveRefused;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 1000 posts have no author_id yet; an index on it is the one finish migration. */
class BackfillTest {
    @TempDir
    private Path folder;

    private final Situation at = new Situation();

    @BeforeEach
    void posts_without_authors() {
        at.server.execute(
                "CREATE TABLE posts (id int PRIMARY KEY, author_id int)",
                "INSERT INTO posts SELECT g FROM generate_series(1, 1000) g");
        at.sql(
                folder,
                "backfill/B1__authors.sql",
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                UPDATE posts SET author_id = id % 10 WHERE id BETWEEN :from AND :to AND author_id IS NULL;
                """);
        at.sql(folder, "finish/V1__index.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON posts (author_id);");
    }

    @Test
    void every_row_is_filled_before_the_finish_migrations_run() {
        at.given(EXPANDED);

        Backfill.Result result = backfill();

        assertThat(result.rows()).isEqualTo(1000);
        assertThat(result.finished()).containsExactly("V1__index.sql");
        assertThat(at.server.query("SELECT count(*) FROM posts WHERE author_id IS NULL"))
                .isEqualTo("0");
        assertThat(at.server.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a'::regclass"))
                .isEqualTo("t");
        assertThat(at.facts()).contains(BACKFILLED);
    }

    @Test
    void the_second_run_says_that_nothing_is_left_to_do() {
        at.given(EXPANDED);
        backfill();

        assertThat(backfill().message()).startsWith("Already backfilled");
    }

    @Test
    void rows_that_came_back_are_filled_again() {
        at.given(EXPANDED);
        backfill();
        at.server.execute("UPDATE posts SET author_id = NULL WHERE id = 7");

        backfill();

        assertThat(at.server.query("SELECT author_id FROM posts WHERE id = 7")).isEqualTo("7");
    }

    @Test
    void once_contract_has_begun_nobody_asks_for_columns_that_may_be_gone() {
        at.given(EXPANDED, BACKFILLED, CONTRACT_BEGUN);
        at.server.execute("ALTER TABLE posts DROP COLUMN author_id");

        assertThat(backfill().message()).isEqualTo("Already backfilled; nothing left to do.");
    }

    @Test
    void the_planner_knows_the_new_values_before_the_new_version_is_live() {
        at.given(EXPANDED);
        backfill();

        assertThat(at.server.query(
                        "SELECT n_distinct FROM pg_stats WHERE tablename = 'posts' AND attname = 'author_id'"))
                .isEqualTo("10");
    }

    @Test
    void a_backfill_whose_release_is_abandoned_stops_at_the_next_batch_and_says_so() {
        at.given(EXPANDED);
        at.sql(
                folder,
                "backfill/B1__authors.sql",
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                UPDATE posts SET author_id = id % 10 WHERE id BETWEEN :from AND :to AND author_id IS NULL
                AND (id % 10 <> 0 OR pg_sleep(0.01) IS NOT NULL);
                """);
        CompletableFuture<Throwable> running = CompletableFuture.supplyAsync(() -> catchThrowable(this::backfill));
        at.server.awaitQuery("SELECT coalesce(sum(batches), 0) >= 2 FROM pitstop.backfill_ranges", "t");

        at.rollback().run(NONE, true);

        assertThat(running.orTimeout(10, TimeUnit.SECONDS).join())
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("Release blog-2-1 was abandoned at")
                .hasMessageContaining("its backfill has stopped; the rows that B1__authors.sql has filled stay");
        assertThat(at.server.query("SELECT count(author_id) > 0 AND count(author_id) < count(*) FROM posts"))
                .isEqualTo("t");
        assertThat(at.facts()).doesNotContain(BACKFILLED);
        assertThat(at.events()).doesNotContain("backfilled");
    }

    @Test
    void it_is_refused_before_expand() {
        at.given();

        assertThatThrownBy(this::backfill).isInstanceOf(MoveRefused.class).hasMessageContaining("expanded");
    }

    private Backfill.Result backfill() {
        return new Backfill(
                        at.journal,
                        at.backfillJob(folder),
                        at.finish(folder),
                        new Statistics(at.server.database()),
                        at.router::figures,
                        line -> {})
                .run(NONE);
    }
}
