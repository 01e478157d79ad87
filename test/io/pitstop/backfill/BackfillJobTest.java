package io.pitstop.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A table whose column {@code upper} is to be filled from {@code name}, and a count {@code fills} of how often a row was;
 * batches of 100 rows.
 */
class BackfillJobTest {
    private static final String FILE =
            """
            -- backfill: table=posts key=id
            -- remaining: SELECT count(*) FROM posts WHERE upper IS NULL
            UPDATE posts SET upper = upper(name), fills = fills + 1 WHERE id BETWEEN :from AND :to AND upper IS NULL;
            """;

    private final TestDatabase server = TestDatabase.create()
            .execute("CREATE TABLE posts (id bigint PRIMARY KEY, name text, upper text, fills int NOT NULL DEFAULT 0)");
    private final ReleaseJournal journal =
            new ReleaseJournal(server.database(), "blog", new Actor("ann", "build-7", "node-1"));
    private final Release release = journal.open("2", "1", Colour.GREEN);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Duration lockWithin = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @BeforeEach
    void write() {
        file(FILE);
    }

    @Test
    void rows_are_filled_once_whatever_their_keys() {
        server.execute("INSERT INTO posts (id, name) SELECT g * g * 1000, 'n' || g FROM generate_series(-500, 500) g"
                + " ON CONFLICT DO NOTHING");
        server.execute("INSERT INTO posts (id, name) SELECT -g * 7, 'm' || g FROM generate_series(1, 500) g");
        server.execute("INSERT INTO posts (id, name) VALUES (9223372036854775807, 'z'), (-9223372036854775808, 'a')");

        BackfillResult result = run().get(0);

        assertThat(server.query("SELECT count(*) FROM posts WHERE upper = upper(name) AND fills = 1"))
                .isEqualTo(Long.toString(result.rows()))
                .isEqualTo("1003");
        assertThat(result.batches()).isEqualTo(11);
        assertThat(result.passes()).isEqualTo(1);
        assertThat(server.query("SELECT rows || ' ' || batches || ' ' || (verified_at IS NOT NULL)"
                        + " FROM pitstop.backfills"))
                .isEqualTo("1003 11 true");
    }

    @Test
    void the_second_run_does_nothing_and_says_so() {
        fill(1_000);
        assertThat(job().remaining())
                .containsExactly(
                        new Remaining("B1__upper.sql", 1_000, "SELECT * FROM posts WHERE upper IS NULL LIMIT 10"));
        run();
        lines.clear();

        assertThat(run()).containsExactly(BackfillResult.nothingToDo("B1__upper.sql"));
        assertThat(lines).containsExactly("backfill: B1__upper.sql nothing to do, no row remains");
        assertThat(job().remaining()).extracting(Remaining::rows).containsExactly(0L);
    }

    @Test
    void an_empty_table_and_an_empty_folder_are_done_at_once() throws IOException {
        assertThat(run()).extracting(BackfillResult::rows).containsExactly(0L);
        Files.delete(folder.resolve("B1__upper.sql"));
        assertThat(run()).isEmpty();
        assertThat(lines).last().asString().contains("there are no files");
    }

    @Test
    void files_run_in_the_order_of_their_names_and_may_hold_several_statements() {
        fill(250);
        server.execute("ALTER TABLE posts ADD COLUMN length int", "CREATE TABLE log (id bigint)");
        file(
                "B2__length.sql",
                """
                -- backfill: table=public.posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE length IS NULL
                UPDATE posts SET length = length(upper) WHERE id BETWEEN :from AND :to;
                INSERT INTO log SELECT id FROM posts WHERE id BETWEEN :from AND :to;
                """);

        assertThat(run()).extracting(BackfillResult::rows).containsExactly(250L, 500L);
        assertThat(server.query("SELECT count(*) FROM posts WHERE length IS NULL"))
                .isEqualTo("0");
        assertThat(server.query("SELECT count(*) FROM log")).isEqualTo("250");
    }

    @Test
    void beside_an_application_a_batch_finds_rows_of_another_table_by_its_index() throws Exception {
        fill(5_000);
        server.execute(
                "CREATE TABLE names (name text PRIMARY KEY)",
                "INSERT INTO names SELECT 'name ' || g FROM generate_series(1, 200000) g",
                "ANALYZE names",
                "ANALYZE posts");
        file(
                "B1__upper.sql",
                """
                -- backfill: table=posts
                -- remaining: SELECT count(*) FROM posts WHERE upper IS NULL
                UPDATE posts SET upper = upper(posts.name) FROM names
                WHERE :batch(posts) AND posts.upper IS NULL AND names.name = posts.name;
                """);
        String scans = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'names'";
        String before = server.query(scans);
        try (Connection application = server.connect();
                Statement statement = application.createStatement()) {
            statement.execute("SET application_name = 'blog'");
            application.setAutoCommit(false);
            statement.execute("SELECT");

            run(new BackfillSettings(1_000, Duration.ofSeconds(5), 1, Set.of()));
        }

        assertThat(lines).anyMatch(line -> line.contains("done: 5,000 rows"));
        assertThat(server.query(scans)).as("reads of all names").isEqualTo(before);
    }

    @Test
    void the_triggers_of_a_dual_write_are_off_for_the_backfill_alone() {
        fill(10);
        server.execute(
                "CREATE FUNCTION mark() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN NEW.name := 'by trigger'; RETURN NEW; END $$",
                "CREATE TRIGGER zz BEFORE UPDATE ON posts FOR EACH ROW"
                        + " WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION mark()");

        run();

        assertThat(server.query("SELECT count(*) FROM posts WHERE name = 'by trigger'"))
                .isEqualTo("0");
    }

    @Test
    void a_run_that_died_repeats_no_batch_that_was_committed() throws Exception {
        fill(3_000);
        slowly();
        CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(() -> catchThrowable(this::run));
        server.awaitQuery("SELECT sum(batches) >= 5 FROM pitstop.backfill_ranges", "t");
        server.terminate("FROM pg_stat_activity"
                + " WHERE application_name LIKE 'pitstop:blog:%backfill' AND datname = current_database()");
        assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(DependencyFailed.class);
        long before = Long.parseLong(server.query("SELECT count(*) FROM posts WHERE upper IS NOT NULL"));
        assertThat(before).isBetween(400L, 2_900L);

        BackfillResult rest = run().get(0);

        assertThat(rest.rows()).isEqualTo(3_000 - before);
        assertThat(server.query("SELECT count(*) FROM posts WHERE fills <> 1")).isEqualTo("0");
        assertThat(server.query("SELECT rows || ' ' || batches FROM pitstop.backfills"))
                .isEqualTo("3000 30");
        assertThat(lines).anyMatch(line -> line.contains("goes on: 0 of 1 ranges are done"));
    }

    @Test
    void an_interrupt_stops_after_the_batch_in_work_and_the_next_run_goes_on() throws Exception {
        fill(3_000);
        slowly();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread step = new Thread(() -> failure.complete(catchThrowable(this::run)));
        step.start();
        server.awaitQuery("SELECT sum(batches) >= 3 FROM pitstop.backfill_ranges", "t");
        step.interrupt();

        assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(Interrupted.class);
        run();
        assertThat(server.query("SELECT count(*) FROM posts WHERE fills <> 1")).isEqualTo("0");
    }

    @Test
    void a_changed_file_begins_again_and_says_so() throws Exception {
        fill(1_000);
        server.execute("UPDATE posts SET name = 'bad' WHERE id = 500", "ALTER TABLE posts ADD CHECK (upper <> 'BAD')");
        assertThatThrownBy(this::run)
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("B1__upper.sql cannot fill 1 rows of posts: key 500: ")
                .hasMessageContaining("23514, line 3");
        assertThat(server.query("SELECT count(*) FROM posts WHERE fills = 1")).isEqualTo("999");
        file(FILE.replace("upper(name)", "initcap(name)"));

        run();

        assertThat(lines).anyMatch(line -> line.contains("the file was changed"));
        assertThat(server.query("SELECT count(*) FROM posts WHERE fills <> 1")).isEqualTo("0");
        assertThat(server.query("SELECT rows FROM pitstop.backfills")).isEqualTo("1000");
    }

    @Test
    void a_batch_that_would_hold_its_rows_for_too_long_is_ended_and_made_smaller() throws Exception {
        fill(6_000);
        slowly(); // 0.2 s for each 1000 rows: one batch of 6000 would hold its rows for 1.2 s
        CompletableFuture<List<BackfillResult>> run = CompletableFuture.supplyAsync(() -> run(6_000));
        long longestMs = 0;
        try (Connection application = server.connect();
                Statement statement = application.createStatement()) {
            while (!run.isDone()) {
                long began = System.nanoTime();
                statement.execute("UPDATE posts SET name = name WHERE id = 1");
                longestMs = Math.max(
                        longestMs, Duration.ofNanos(System.nanoTime() - began).toMillis());
            }
        }

        assertThat(run.get(20, TimeUnit.SECONDS).get(0).rows()).isEqualTo(6_000);
        assertThat(longestMs).as("lockTimeout is 200 ms").isLessThan(500);
    }

    @Test
    void what_the_application_writes_meanwhile_is_kept() throws Exception {
        fill(5_000);
        slowly();
        CompletableFuture<List<BackfillResult>> run = CompletableFuture.supplyAsync(this::run);
        try (Connection application = server.connect();
                Statement statement = application.createStatement()) {
            for (int n = 0; !run.isDone(); n++) {
                statement.execute("UPDATE posts SET upper = 'APP' WHERE id = " + (1 + n * 37L % 5_000));
                statement.execute("INSERT INTO posts (id, name, upper) VALUES (" + (5_001 + n) + ", 'new', 'NEW')");
            }
        }

        assertThat(run.get(20, TimeUnit.SECONDS)).hasSize(1);
        assertThat(server.query("SELECT count(*) FROM posts WHERE upper IS NULL OR fills > 1"))
                .isEqualTo("0");
        assertThat(server.query("SELECT count(*) FROM posts WHERE id > 5000 AND upper <> 'NEW'"))
                .isEqualTo("0");
        assertThat(server.query("SELECT count(*) > 0 FROM posts WHERE upper = 'APP'"))
                .isEqualTo("t");
    }

    @Test
    void rows_around_a_locked_one_are_filled_and_who_has_it_is_named() throws SQLException {
        fill(1_000);
        lockWithin = Duration.ofSeconds(1);
        try (Connection writer = server.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("UPDATE posts SET name = 'locked' WHERE id = 333");

            assertThatThrownBy(this::run)
                    .isInstanceOf(DependencyFailed.class)
                    .hasMessageContaining("posts is locked at key 333 for longer than 1s")
                    .hasMessageContaining("(pitstop:blog:test), idle in transaction");
            assertThat(server.query("SELECT count(*) FROM posts WHERE upper IS NOT NULL"))
                    .isEqualTo("999");
            writer.commit();
        }
        assertThat(run()).extracting(BackfillResult::rows).containsExactly(1L);
        assertThat(server.query("SELECT upper FROM posts WHERE id = 333")).isEqualTo("LOCKED");
    }

    @Test
    void rows_that_no_pass_fills_end_in_a_message_with_a_query_to_see_them() {
        fill(150);
        server.execute("UPDATE posts SET name = NULL WHERE id = 77");

        assertThatThrownBy(this::run)
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("leaves 1 rows of posts unfilled after 4 passes")
                .hasMessageContaining("SELECT * FROM posts WHERE upper IS NULL LIMIT 10");
        assertThat(server.query("SELECT verified_at FROM pitstop.backfills")).isEqualTo("null");
    }

    @Test
    void a_process_that_lost_its_lease_writes_nothing_more() throws SQLException {
        fill(100);
        try (Lease lost = journal.lease(release, "backfill");
                Lease taken = journal.seize(release, "backfill")) {
            assertThatThrownBy(() -> job().run(lost)).isInstanceOf(DependencyFailed.class);
            taken.ensureHeld();
        }
        assertThat(server.query("SELECT count(*) FROM posts WHERE upper IS NOT NULL"))
                .isEqualTo("0");
    }

    @Test
    void a_process_that_loses_its_lease_on_the_way_stops_before_the_next_batch() throws Exception {
        fill(3_000);
        slowly();
        CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(() -> catchThrowable(this::run));
        server.awaitQuery("SELECT sum(batches) >= 3 FROM pitstop.backfill_ranges", "t");
        server.execute("UPDATE pitstop.leases SET token = token + 1000");
        long batches = Long.parseLong(server.query("SELECT sum(batches) FROM pitstop.backfill_ranges"));

        assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("took over");
        assertThat(server.query("SELECT sum(batches) <= " + (batches + 1) + " FROM pitstop.backfill_ranges"))
                .isEqualTo("t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    table=nowhere key=id    | There is no table nowhere
                    table=posts key=nothing | posts has no column nothing
                    table=posts key=name    | posts.name has no index
                    table=posts key=fills   | posts.fills has no index
                    """)
    void a_table_that_cannot_be_walked_is_refused(String walk, String message) {
        file(FILE.replace("table=posts key=id", walk));

        assertThatThrownBy(this::run)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("B1__upper.sql")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SELECT count(*) FROM nowhere                                           | nowhere
                    WITH gone AS (DELETE FROM posts RETURNING id) SELECT count(*) FROM gone | read-only
                    SELECT 'many'                                                          | one number
                    """)
    void a_remaining_query_that_cannot_be_right_is_refused_and_changes_nothing(String query, String message) {
        fill(10);
        file(FILE.replaceAll("remaining: .*", "remaining: " + query));

        assertThatThrownBy(() -> job().remaining())
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("B1__upper.sql")
                .hasMessageContaining(message);
        assertThat(server.query("SELECT count(*) FROM posts")).isEqualTo("10");
    }

    @Test
    void walks_along_the_columns_of_a_key_that_are_its_key_and_into_tables_that_inherit() {
        server.execute(
                "DROP TABLE posts",
                "CREATE TABLE posts (id bigint, name text, upper text, fills int NOT NULL DEFAULT 0, note text)");
        server.execute(
                "ALTER TABLE posts ADD PRIMARY KEY (id) INCLUDE (note)",
                "CREATE TABLE old_posts () INHERITS (posts)",
                "INSERT INTO posts (id, name) VALUES (1, 'a'), (2, 'b')",
                "INSERT INTO old_posts (id, name) VALUES (3, 'c')");
        file(FILE.replace(" key=id", "").replace("id BETWEEN :from AND :to", ":batch"));

        assertThat(run()).extracting(BackfillResult::rows).containsExactly(3L);
        assertThat(server.query("SELECT string_agg(upper, '' ORDER BY id) FROM posts"))
                .isEqualTo("ABC");
    }

    @Test
    void rows_that_a_policy_hides_are_an_error_and_do_not_count_as_filled() throws SQLException {
        fill(2);
        String role = "walker_" + server.query("SELECT current_database()");
        server.execute(
                "CREATE ROLE " + role,
                "GRANT SELECT ON posts TO " + role,
                "ALTER TABLE posts ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY few ON posts USING (id > 100)");
        BackfillFile file = BackfillFile.in(folder).get(0);

        try (Connection session = server.database().connect("backfill")) {
            session.createStatement().execute("SET ROLE " + role);

            assertThatThrownBy(() -> Counting.remaining(file, session))
                    .isInstanceOf(InvalidConfig.class)
                    .hasMessageContaining("row-level security policy for table \"posts\"");
        }
    }

    @Test
    void counts_what_remains_with_one_processor_of_the_server() {
        String helpers = "current_setting('max_parallel_workers_per_gather')::bigint";
        assertThat(server.query("SELECT " + helpers)).as("those of others").isEqualTo("2");
        file(FILE.replaceAll("remaining: .*", "remaining: SELECT " + helpers));

        assertThat(job().remaining()).extracting(Remaining::rows).containsExactly(0L);
    }

    @Test
    void speed() {
        server.execute(
                "INSERT INTO posts (id, name) SELECT g, 'name ' || g FROM generate_series(1, 200000) g",
                "ANALYZE posts");

        try (Lease lease = journal.lease(release, "backfill")) {
            BackfillResult result = new BackfillJob(server.database(), folder, BackfillSettings.DEFAULT, lines::add)
                    .run(lease)
                    .get(0);
            System.out.printf("backfill: %,d rows/s; %s%n", result.rowsPerSecond(), result);
            lines.forEach(System.out::println);
            assertThat(result.rows()).isEqualTo(200_000);
        }
    }

    private void fill(int rows) {
        server.execute("INSERT INTO posts (id, name) SELECT g, 'name ' || g FROM generate_series(1, " + rows + ") g");
    }

    /** Makes each batch take a few milliseconds, so that a test can step in between. */
    private void slowly() {
        file(FILE.replace("upper IS NULL;", "upper IS NULL AND (id % 100 <> 0 OR pg_sleep(0.02) IS NOT NULL);"));
    }

    private List<BackfillResult> run() {
        return run(100);
    }

    private List<BackfillResult> run(int batchRows) {
        return run(settings(batchRows));
    }

    private List<BackfillResult> run(BackfillSettings settings) {
        try (Lease lease = journal.lease(release, "backfill")) {
            return job(settings).run(lease);
        }
    }

    private BackfillJob job() {
        return job(settings(100));
    }

    private BackfillJob job(BackfillSettings settings) {
        DatabaseConfig config = new DatabaseConfig(server.url(), Duration.ofMillis(200), lockWithin, "{colour}");
        return new BackfillJob(Database.from(config, "blog", server.environment()), folder, settings, lines::add);
    }

    private static BackfillSettings settings(int batchRows) {
        return new BackfillSettings(batchRows, Duration.ofSeconds(5), 1, Set.of("application"));
    }

    private void file(String text) {
        file("B1__upper.sql", text);
    }

    private void file(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
