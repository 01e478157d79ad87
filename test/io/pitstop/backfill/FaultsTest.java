package io.pitstop.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pitstop.backfill.crew.Batch;
import io.pitstop.backfill.crew.Tally;
import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.backfill.range.Checkpoint;
import io.pitstop.backfill.range.Ranges;
import io.pitstop.backfill.walk.Stretch;
import io.pitstop.backfill.walk.Walks;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 3,000 rows to fill in batches of 100, two workers, and something goes wrong; {@code fills} counts how often a row was filled. */
class FaultsTest {
    private static final int ROWS = 3_000;
    private static final String SLOWLY = " AND (id % 50 <> 0 OR pg_sleep(0.01) IS NOT NULL)";

    private final TestDatabase server = TestDatabase.create()
            .execute(
                    "CREATE TABLE posts (id int PRIMARY KEY, name text, upper text, fills int NOT NULL DEFAULT 0)",
                    "INSERT INTO posts SELECT g, 'name ' || g FROM generate_series(1, " + ROWS + ") g",
                    "ANALYZE posts");
    private final ReleaseJournal journal =
            new ReleaseJournal(server.database(), "blog", new Actor("ann", "build-7", "node-1"));
    private final Release release = journal.open("2", "1", Colour.GREEN);
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void write() {
        file("table=posts key=id", "");
    }

    @Test
    void a_connection_that_is_cut_ends_the_run_and_the_next_repeats_nothing() throws Exception {
        file("table=posts key=id", SLOWLY);
        int port = URI.create(server.url().substring("jdbc:".length())).getPort();
        try (CutLine line = new CutLine(port)) {
            String through = server.url().replace(":" + port + "/", ":" + line.port() + "/");
            CompletableFuture<Throwable> failure =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> run(database(through))));
            server.awaitQuery("SELECT coalesce(sum(batches), 0) >= 5 FROM pitstop.backfill_ranges", "t");
            line.cut();

            assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(DependencyFailed.class);
        }
        run();
        assertFilledOnce();
    }

    @Test
    void a_node_that_freezes_in_a_transaction_keeps_its_locks_for_seconds_only() throws Exception {
        BackfillFile file = BackfillFile.read(folder.resolve("B1__upper.sql"));
        try (Lease lease = journal.lease(release, "backfill");
                Connection session = server.database().connect("backfill")) {
            Batch batch = new Batch(
                    session, file, Walks.of(file, session), server.database().config(), lease);
            Batch.Note freezes = transaction -> {
                transaction.createStatement().execute("UPDATE posts SET name = 'ours' WHERE id = 7");
                server.execute("SET lock_timeout = '9s'; UPDATE posts SET name = 'theirs' WHERE id = 7");
            };

            assertThatThrownBy(() -> batch.note(freezes)).hasMessageContaining("idle-in-transaction timeout");
        }
        assertThat(server.query("SELECT name FROM posts WHERE id = 7")).isEqualTo("theirs");
        file("table=posts key=id", " AND current_setting('idle_in_transaction_session_timeout') = '5s'");
        run();
        assertFilledOnce();
    }

    @Test
    void ranges_of_a_file_that_was_changed_are_not_filled_by_the_older_one() throws Exception {
        Path path = folder.resolve("B1__upper.sql");
        String older = BackfillFile.read(path).checksum();
        file("table=posts key=id", SLOWLY);
        plan();
        Ranges ranges = new Ranges(release.id(), "B1__upper.sql");
        try (Lease lease = journal.lease(release, "backfill");
                Connection session = server.connect()) {
            assertThat(ranges.claim(session, older, lease.token(), 1)).isEmpty();
            assertThat(ranges.claim(session, BackfillFile.read(path).checksum(), lease.token(), 1))
                    .isPresent();
        }
    }

    @Test
    void ranges_that_a_dead_process_still_locks_are_waited_for_and_not_with_new_sessions() throws Exception {
        plan();
        Set<String> sessions = new HashSet<>();
        CompletableFuture<List<BackfillResult>> run;
        try (Connection dead = server.connect();
                Connection look = server.connect();
                PreparedStatement query = look.prepareStatement(
                        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pitstop:blog:backfill%'"
                                + " AND datname = current_database()")) {
            dead.setAutoCommit(false);
            dead.createStatement().execute("SELECT FROM pitstop.backfill_ranges FOR UPDATE");
            run = CompletableFuture.supplyAsync(this::run);
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (System.nanoTime() < end) {
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        sessions.add(row.getString(1));
                    }
                }
            }
            dead.rollback();
        }

        assertThat(run.get(30, TimeUnit.SECONDS)).hasSize(1);
        assertThat(sessions).as("of the run and of its workers in two seconds").hasSizeBetween(3, 14);
        assertFilledOnce();
    }

    /** What a process leaves that dies before its first batch. */
    private void plan() throws SQLException {
        BackfillFile file = BackfillFile.read(folder.resolve("B1__upper.sql"));
        try (Connection session = server.connect()) {
            List<Stretch> stretches = Walks.of(file, session).plan(session, Optional.empty());
            new Checkpoint(release.id(), file).begin(session);
            new Ranges(release.id(), file.name()).plan(session, stretches);
        }
    }

    @Test
    void an_application_that_locks_rows_the_other_way_round_wins_and_all_rows_are_filled() throws Exception {
        file("table=posts key=id", SLOWLY);
        CompletableFuture<List<BackfillResult>> run = CompletableFuture.supplyAsync(this::run);
        try (Connection application = server.connect();
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            for (int n = 0; !run.isDone(); n++) {
                int high = 100 + n * 97 % (ROWS - 100);
                statement.execute("UPDATE posts SET name = 'app' WHERE id = " + high);
                statement.execute("UPDATE posts SET name = 'app' WHERE id = " + (high - 60));
                application.commit();
            }
        }

        assertThat(run.get()).hasSize(1);
        assertFilledOnce();
    }

    @Test
    void a_disk_that_is_full_ends_the_run_and_the_next_goes_on() {
        server.execute(
                "CREATE SEQUENCE written",
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF nextval('written') = 1500 THEN RAISE 'no space left' USING ERRCODE = 'disk_full'; END IF;"
                        + " RETURN NEW; END $$",
                "CREATE TRIGGER full_disk BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION full_disk()");

        assertThatThrownBy(this::run)
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("B1__upper.sql:3: no space left (53100) in posts at keys ");
        run();
        assertFilledOnce();
    }

    @Test
    void rows_that_violate_a_constraint_are_named_and_all_others_are_filled() {
        server.execute("ALTER TABLE posts ADD CHECK (upper NOT IN ('NAME 1', 'NAME 777', 'NAME 3000'))");

        assertThatThrownBy(this::run)
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("B1__upper.sql cannot fill 3 rows of posts")
                .hasMessageContaining("key 1: ")
                .hasMessageContaining("key 777: ")
                .hasMessageContaining("key 3000: ")
                .hasMessageContaining("violates check constraint \"posts_upper_check\" (23514, line 3)");
        assertThat(server.query("SELECT count(*) FROM posts WHERE fills = 1")).isEqualTo("2997");
        assertThat(server.query("SELECT string_agg(key[1] || ' ' || sqlstate, ', ' ORDER BY key[1]::int)"
                        + " FROM pitstop.backfill_failures"))
                .isEqualTo("1 23514, 777 23514, 3000 23514");
        assertThat(server.query("SELECT problem LIKE '%cannot fill 3 rows%' FROM pitstop.backfills"))
                .isEqualTo("t");

        server.execute("ALTER TABLE posts DROP CONSTRAINT posts_upper_check");
        run();
        assertFilledOnce();
        assertThat(server.query("SELECT count(*) FROM pitstop.backfill_failures"))
                .isEqualTo("0");
    }

    @Test
    void along_the_heap_a_row_is_named_by_its_place() {
        TestDatabase.assumeAtLeast(14, "ranges of places in a table's file");
        file("table=posts walk=heap", "");
        server.execute("ALTER TABLE posts ADD CHECK (upper <> 'NAME 777')");
        String place = server.query("SELECT ctid FROM posts WHERE id = 777");

        assertThatThrownBy(this::run).isInstanceOf(CheckFailed.class).hasMessageContaining("ctid " + place + ": ");
        assertThat(server.query("SELECT count(*) FROM posts WHERE fills = 1")).isEqualTo("2999");
    }

    @Test
    void a_batch_that_the_server_holds_up_in_its_notes_is_tried_again() {
        server.execute(
                "CREATE SEQUENCE notes",
                "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('notes') = 3 THEN"
                        + " PERFORM pg_sleep(1); END IF; RETURN NEW; END $$",
                "CREATE TRIGGER stall BEFORE UPDATE OF done ON pitstop.backfill_ranges FOR EACH ROW EXECUTE FUNCTION stall()");

        run();

        assertFilledOnce();
        assertThat(server.query("SELECT last_value > 3 FROM notes")).isEqualTo("t");
    }

    @Test
    void a_file_that_fails_for_every_row_is_not_tried_on_every_row() {
        server.execute("ALTER TABLE posts ADD CHECK (upper IS NULL)");

        assertThatThrownBy(this::run).isInstanceOf(CheckFailed.class).hasMessageContaining("More than 100 rows");
        assertThat(server.query("SELECT count(*) < 300 FROM pitstop.backfill_failures"))
                .isEqualTo("t");
    }

    @Test
    void a_row_that_was_locked_for_a_while_is_filled_in_the_end() throws Exception {
        try (Connection application = server.connect()) {
            application.setAutoCommit(false);
            application.createStatement().execute("UPDATE posts SET name = 'later' WHERE id = 1234");
            CompletableFuture<List<BackfillResult>> run = CompletableFuture.supplyAsync(this::run);
            server.awaitQuery("SELECT count(*) FROM posts WHERE fills = 1", "2999");
            application.commit();

            assertThat(run.get(30, TimeUnit.SECONDS).get(0).rows()).isEqualTo(ROWS);
        }
        assertThat(server.query("SELECT upper FROM posts WHERE id = 1234")).isEqualTo("LATER");
        assertFilledOnce();
    }

    @Test
    void what_an_older_pitstop_has_done_is_gone_on_from() throws IOException {
        server.execute("UPDATE posts SET upper = upper(name), fills = 1 WHERE id <= 2000");
        String checksum = BackfillFile.read(folder.resolve("B1__upper.sql")).checksum();
        try (Lease lease = journal.lease(release, "given")) {
            lease.ensureHeld();
        }
        server.execute("INSERT INTO pitstop.backfills (release, file, format, checksum, pass, last_key, rows, batches)"
                + " VALUES ('" + release.id() + "', 'B1__upper.sql', 1, '" + checksum + "', 1, '2000', 2000, 20)");

        run();

        assertFilledOnce();
        assertThat(server.query("SELECT rows || ' ' || batches || ' ' || format FROM pitstop.backfills"))
                .as("no batch before key 2001")
                .isEqualTo("3000 30 2");
    }

    @Test
    void all_statements_of_a_batch_together_hold_its_rows_no_longer_than_one_may() throws IOException {
        String statement = "UPDATE posts SET fills = fills + %d, upper = upper(name) WHERE :batch"
                + " AND fills = %d AND (id %% 10 <> 0 OR pg_sleep(0.014) IS NOT NULL);\n";
        Files.writeString(
                folder.resolve("B1__upper.sql"),
                "-- backfill: table=posts key=id\n-- remaining: SELECT count(*) FROM posts WHERE fills < 3\n"
                        + statement.formatted(1, 0) + statement.formatted(2, 1));

        // Either alone takes 140 ms for 100 rows, and 200 ms are allowed.
        run();

        assertThat(server.query("SELECT count(*) FROM posts WHERE fills = 3")).isEqualTo(Integer.toString(ROWS));
        assertThat(server.query("SELECT 1000 * seconds / batches < 200 FROM pitstop.backfills"))
                .isEqualTo("t");
    }

    @Test
    void what_it_leaves_behind_is_vacuumed_if_that_pays_off() {
        server.execute(
                "INSERT INTO posts SELECT g, 'name ' || g FROM generate_series(3001, 30000) g",
                "ALTER TABLE posts SET (autovacuum_enabled = off)",
                "ANALYZE posts");
        BackfillSettings large = new BackfillSettings(100_000, BackfillSettings.DEFAULT_BATCH_TIME, 1, Set.of());
        try (Lease lease = journal.lease(release, "backfill")) {
            new BackfillJob(server.database(), folder, large, lines::add).run(lease);
        }

        assertThat(lines).contains("backfill: vacuumed posts");
        server.awaitQuery("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'posts'", "1");
    }

    @Test
    void a_vacuum_that_comes_to_nothing_is_said_and_that_is_all() throws Exception {
        Tally tally = new Tally();
        tally.add(20_000);
        try (Lease lease = journal.lease(release, "backfill");
                Connection reader = server.connect()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("LOCK TABLE posts IN SHARE UPDATE EXCLUSIVE MODE");
            new Vacuum(server.database(), lease, "posts", tally, lines::add).finish();
            new Vacuum(server.database(), lease, "no_such_table", tally, lines::add).finish();
        }

        assertThat(lines)
                .containsExactly(
                        "backfill: posts could not be vacuumed: skipping vacuum of \"posts\" --- lock not available",
                        "backfill: no_such_table could not be vacuumed: ERROR: relation \"no_such_table\" does not exist");
    }

    /** The same moment takes away what its statement needs, which would fail first. */
    @Test
    void a_batch_whose_release_was_abandoned_says_so_and_not_what_it_ran_into() throws Exception {
        file("table=posts key=id", SLOWLY);
        CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(() -> catchThrowable(this::run));
        server.awaitQuery("SELECT count(*) > 0 FROM posts WHERE upper IS NOT NULL", "t");
        server.execute(
                "SET lock_timeout = '9s'; UPDATE pitstop.releases SET outcome = 'abandoned', finished_at = now();"
                        + " ALTER TABLE posts DROP COLUMN upper");

        assertThat(failure.get(30, TimeUnit.SECONDS))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("was abandoned");
    }

    @Test
    void a_vacuum_ends_with_its_backfill() throws Exception {
        server.execute(
                "INSERT INTO posts SELECT g, 'name ' || g FROM generate_series(10000, 200000) g",
                "UPDATE posts SET upper = 'x'",
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET vacuum_cost_limit = 1', current_database()); END $$");
        String running = "SELECT count(*) FROM pg_stat_progress_vacuum WHERE datname = current_database()";
        Tally tally = new Tally();
        tally.add(200_000);
        try (Lease lease = journal.lease(release, "backfill")) {
            Vacuum vacuum = new Vacuum(server.database(), lease, "posts", tally, lines::add);
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(vacuum::finish);
            server.awaitQuery(running, "1");
            vacuum.stop();
            waiting.get(5, TimeUnit.SECONDS);
        }

        assertThat(server.query(running)).isEqualTo("0");
        assertThat(lines)
                .containsExactly(
                        "backfill: posts could not be vacuumed: ERROR: canceling statement due to user request");
    }

    @Test
    void a_table_that_hardly_changed_is_not_vacuumed() {
        server.execute("UPDATE posts SET upper = upper(name), fills = 1 WHERE id > 10");

        run();

        assertThat(lines).noneMatch(line -> line.contains("vacuumed"));
    }

    private void assertFilledOnce() {
        assertThat(server.query("SELECT count(*) FROM posts WHERE upper IS NOT NULL AND fills = 1"))
                .isEqualTo(Integer.toString(ROWS));
    }

    private List<BackfillResult> run() {
        return run(database(server.url()));
    }

    private List<BackfillResult> run(Database database) {
        ReleaseJournal own = new ReleaseJournal(database, "blog", new Actor("ann", "build-7", "node-1"));
        BackfillSettings settings = new BackfillSettings(100, Duration.ofSeconds(5), 2, Set.of("application"));
        try (Lease lease = own.lease(release, "backfill")) {
            return new BackfillJob(database, folder, settings, lines::add).run(lease);
        }
    }

    private Database database(String url) {
        DatabaseConfig config = new DatabaseConfig(url, Duration.ofMillis(200), Duration.ofSeconds(10), "{colour}");
        return Database.from(config, "blog", server.environment());
    }

    private void file(String header, String more) {
        try {
            Files.writeString(
                    folder.resolve("B1__upper.sql"),
                    "-- backfill: " + header + "\n-- remaining: SELECT count(*) FROM posts WHERE upper IS NULL\n"
                            + "UPDATE posts SET upper = upper(name), fills = fills + 1 WHERE :batch AND upper IS NULL"
                            + more
                            + ";\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
