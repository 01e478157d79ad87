package io.pitstop.backfill;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.EXPANDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.database.TestDatabase;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Event;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes of their own on one release, two workers each; the table has about thirty ranges, and batches are slow until
 * the test has seen what it waits for. The statement fills whatever it is given, and {@code fills} counts how often.
 */
class SharedBackfillTest {
    private static final String FILE =
            """
            -- backfill: table=posts key=id
            -- remaining: SELECT count(*) FROM posts WHERE upper IS NULL
            UPDATE posts SET upper = upper(name), fills = fills + 1
            WHERE id BETWEEN :from AND :to AND (id % 50 <> 0 OR pg_sleep((SELECT seconds FROM speed)) IS NOT NULL);
            """;

    private static final int ROWS = 16_000;

    private final TestDatabase server = TestDatabase.create()
            .execute(
                    "CREATE TABLE posts (id bigint PRIMARY KEY, name text, upper text, fills int NOT NULL DEFAULT 0,"
                            + " filler char(4000) NOT NULL DEFAULT '')",
                    "ALTER TABLE posts ALTER filler SET STORAGE PLAIN",
                    "INSERT INTO posts (id, name) SELECT g, 'name ' || g FROM generate_series(1, " + ROWS + ") g",
                    "CREATE TABLE speed AS SELECT 0.08 AS seconds",
                    // The planner is told that there are four hundred times as many, or there would be one range.
                    "ALTER TABLE posts SET (autovacuum_enabled = off)",
                    "UPDATE pg_class SET reltuples = 6400000 WHERE oid = 'posts'::regclass");
    private final ReleaseJournal journal =
            new ReleaseJournal(server.database(), "blog", new Actor("ann", "build-7", "node-1"));
    private final Release release = journal.open("2", "1", Colour.GREEN);
    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void expanded() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("backfill")).resolve("B1__upper.sql"), FILE);
        try (Lease lease = journal.lease(release, "given")) {
            lease.record(EXPANDED, Map.of());
        }
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void two_processes_share_the_ranges_and_the_fact_is_recorded_once() throws Exception {
        Process first = start("node-1");
        server.awaitQuery("SELECT count(*) > 0 FROM pitstop.backfill_ranges WHERE batches > 0", "t");
        Process second = start("node-2");
        server.awaitQuery("SELECT count(DISTINCT token) FROM pitstop.backfill_ranges WHERE batches > 0", "2");
        hurry();

        assertThat(BackfillProcess.await(first)).isZero();
        assertThat(BackfillProcess.await(second)).isZero();
        assertThat(server.query("SELECT count(*) FROM posts WHERE upper = upper(name) AND fills = 1"))
                .isEqualTo(Integer.toString(ROWS));
        assertThat(journal.latest().orElseThrow().is(BACKFILLED)).isTrue();
        assertThat(events())
                .containsOnlyOnce("backfilled")
                .containsOnlyOnce("backfill begun")
                .contains("helping");
        assertThat(server.query("SELECT rows FROM pitstop.backfills")).isEqualTo(Integer.toString(ROWS));
        assertThat(server.query("SELECT detail->>'rows' FROM pitstop.events WHERE event = 'backfill verified'"))
                .as("by both together")
                .isEqualTo(Integer.toString(ROWS));
    }

    @Test
    void when_the_leader_is_killed_the_helper_takes_over_its_ranges_and_its_place() throws Exception {
        Process leader = start("node-1");
        server.awaitQuery("SELECT count(*) > 0 FROM pitstop.backfill_ranges WHERE batches > 0", "t");
        Process helper = start("node-2");
        server.awaitQuery("SELECT count(DISTINCT token) FROM pitstop.backfill_ranges WHERE batches > 0", "2");
        leader.destroyForcibly().waitFor();
        hurry();

        assertThat(BackfillProcess.await(helper)).isZero();
        assertFilledOnce();
        assertThat(journal.latest().orElseThrow().is(BACKFILLED)).isTrue();
    }

    @Test
    void when_a_helper_is_killed_the_leader_takes_over_its_ranges() throws Exception {
        Process leader = start("node-1");
        server.awaitQuery("SELECT count(*) > 0 FROM pitstop.backfill_ranges WHERE batches > 0", "t");
        Process helper = start("node-2");
        server.awaitQuery("SELECT count(DISTINCT token) FROM pitstop.backfill_ranges WHERE batches > 0", "2");
        helper.destroyForcibly().waitFor();
        hurry();

        assertThat(BackfillProcess.await(leader)).isZero();
        assertFilledOnce();
    }

    @Test
    void a_process_that_is_killed_repeats_no_batch_when_it_runs_again() throws Exception {
        Process process = start("node-1");
        server.awaitQuery("SELECT coalesce(sum(batches), 0) > 10 FROM pitstop.backfill_ranges", "t");
        process.destroyForcibly().waitFor();
        hurry();
        long before = Long.parseLong(server.query("SELECT sum(batches) FROM pitstop.backfill_ranges"));

        assertThat(BackfillProcess.await(start("node-1"))).isZero();
        assertFilledOnce();
        assertThat(before).isGreaterThan(10);
        // Batches in work at the kill may still have committed, one a worker; the record tells of each exactly once.
        assertThat(server.query("SELECT rows FROM pitstop.backfills")).isEqualTo(Integer.toString(ROWS));
    }

    @Test
    void a_clock_that_jumps_takes_ranges_from_the_living_and_still_no_row_is_filled_twice() throws Exception {
        Process first = start("node-1");
        server.awaitQuery("SELECT count(*) > 0 FROM pitstop.backfill_ranges WHERE batches > 0", "t");
        Process second = start("node-2");
        server.awaitQuery("SELECT count(DISTINCT token) FROM pitstop.backfill_ranges WHERE batches > 0", "2");
        server.execute("UPDATE speed SET seconds = 0.02");
        for (int i = 0; i < 300 && first.isAlive() && second.isAlive(); i++) {
            // As if the server's clock had jumped ahead, and back: heartbeats look old, then as if from the future.
            server.execute(
                    "UPDATE pitstop.leases SET heartbeat_at = clock_timestamp() - interval '1 hour' WHERE step <> 'backfill'",
                    "SELECT pg_sleep(0.15)",
                    "UPDATE pitstop.leases SET heartbeat_at = clock_timestamp() + interval '1 hour' WHERE step <> 'backfill'",
                    "SELECT pg_sleep(0.05)");
        }

        assertThat(BackfillProcess.await(first)).isZero();
        assertThat(BackfillProcess.await(second)).isZero();
        assertFilledOnce();
    }

    @Test
    void a_process_takes_a_second_worker_where_nobody_else_is_at_work_and_it_makes_it_faster() {
        server.execute("UPDATE speed SET seconds = 0.03");
        List<String> lines = new CopyOnWriteArrayList<>();
        List<BackfillFigures> figures = new CopyOnWriteArrayList<>();
        BackfillSettings settings = new BackfillSettings(100, Duration.ofSeconds(5), 1, 2, Set.of());
        try (Lease lease = journal.lease(release, "backfill")) {
            new BackfillJob(server.database(), folder.resolve("backfill"), settings, lines::add, figures::add)
                    .run(lease);
        }

        assertThat(lines).anyMatch(line -> line.contains(" 1 worker")).anyMatch(line -> line.contains(" 2 workers"));
        assertThat(figures).first().satisfies(first -> {
            assertThat(first.file()).isEqualTo("B1__upper.sql");
            assertThat(first.walked()).isBetween(100L, 16_000L);
            assertThat(first.rowsPerSecond()).isBetween(100.0, 5_000.0);
            assertThat(first.batchMs()).isGreaterThan(50);
            assertThat(first.left()).isPresent();
            assertThat(first.heldTo()).isInfinite();
            assertThat(first.brakes()).containsKeys("lock-waits", "latency", "commits", "replica-lag");
        });
        assertThat(figures).extracting(BackfillFigures::workers).contains(1L, 2L);
        assertThat(figures).last().satisfies(last -> {
            assertThat(last.walked()).isEqualTo(last.total()).isEqualTo(ROWS);
            assertThat(last.rowsPerSecond()).isZero();
            assertThat(last.left()).contains(Duration.ZERO);
            assertThat(last.workers()).isZero();
            assertThat(last.setAside()).isZero();
        });
        assertFilledOnce();
    }

    private void assertFilledOnce() {
        assertThat(server.query("SELECT count(*) FROM posts WHERE upper = upper(name) AND fills = 1"))
                .isEqualTo(Integer.toString(ROWS));
    }

    private void hurry() {
        server.execute("UPDATE speed SET seconds = 0");
    }

    private List<String> events() {
        return journal.events(release).stream().map(Event::event).toList();
    }

    private Process start(String node) {
        Process process = BackfillProcess.start(server, folder, 100, node);
        started.add(process);
        return process;
    }
}
