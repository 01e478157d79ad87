package io.pitstop.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.backfill.brake.Brakes;
import io.pitstop.backfill.brake.Orders;
import io.pitstop.backfill.brake.Pace;
import io.pitstop.backfill.brake.Usual;
import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
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

/** 20,000 rows to fill, 100 in a batch, and something that speaks against it. */
class BrakedBackfillTest {
    private static final String BATCHES = "SELECT coalesce(sum(batches), 0) FROM pitstop.backfill_ranges";

    private final TestDatabase server = TestDatabase.create()
            .execute(
                    "CREATE TABLE posts (id int PRIMARY KEY, n int)",
                    "INSERT INTO posts SELECT g FROM generate_series(1, 20000) g",
                    "ANALYZE posts");
    private final ReleaseJournal journal =
            new ReleaseJournal(server.database(), "blog", new Actor("ann", "build-7", "node-1"));
    private final Release release = journal.open("2", "1", Colour.GREEN);
    private final Orders orders = new Orders(server.database());
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(
                folder.resolve("B1__n.sql"),
                """
                -- backfill: table=posts
                -- remaining: SELECT count(*) FROM posts WHERE n IS NULL
                UPDATE posts SET n = 1 WHERE :batch AND n IS NULL AND (id % 100 <> 0 OR pg_sleep(0.005) IS NOT NULL);
                """);
    }

    @Test
    void a_pause_holds_it_and_ends_by_itself() throws Exception {
        order(lease -> orders.pause(lease, Duration.ofSeconds(3), "bob"));
        CompletableFuture<List<BackfillResult>> run = CompletableFuture.supplyAsync(this::run);
        server.awaitQuery("SELECT count(*) FROM pitstop.events WHERE event = 'backfill stopped'", "1");
        long batches = Long.parseLong(server.query(BATCHES));
        server.execute("SELECT pg_sleep(1)");

        assertThat(Long.parseLong(server.query(BATCHES))).isBetween(batches, batches + 1);
        assertThat(run).isNotDone();
        assertThat(run.get(30, TimeUnit.SECONDS).get(0).rows()).isEqualTo(20_000);
        assertThat(server.query("SELECT detail->>'reason' FROM pitstop.events WHERE event = 'backfill stopped'"))
                .contains("paused by bob until ");
        assertThat(lines).anyMatch(line -> line.contains("stopped: paused by bob until"));
    }

    @Test
    void a_pause_can_be_ended() throws Exception {
        order(lease -> orders.pause(lease, Duration.ofHours(1), "bob"));
        CompletableFuture<List<BackfillResult>> run = CompletableFuture.supplyAsync(this::run);
        server.awaitQuery("SELECT count(*) FROM pitstop.events WHERE event = 'backfill stopped'", "1");
        order(lease -> orders.resume(lease, "bob"));

        assertThat(run.get(30, TimeUnit.SECONDS).get(0).rows()).isEqualTo(20_000);
        assertThat(server.query("SELECT count(*) FROM pitstop.events WHERE event = 'backfill goes on'"))
                .isEqualTo("1");
    }

    @Test
    void a_rate_that_an_operator_gives_is_kept_to_until_they_take_it_back() throws Exception {
        order(lease -> orders.limit(lease, 500, "bob"));
        CompletableFuture<List<BackfillResult>> run = CompletableFuture.supplyAsync(this::run);
        server.awaitQuery("SELECT sum(walked) > 2000 FROM pitstop.backfill_ranges", "t");
        long before = walked();
        server.execute("SELECT pg_sleep(2)");

        assertThat(walked() - before).as("rows in two seconds at 500 rows/s").isBetween(500L, 1_600L);
        assertThat(order(lease -> orders.slower(lease, "bob"))).contains("500 rows/s at most, 50 % of what");
        assertThat(order(lease -> orders.faster(lease, "bob"))).startsWith("500 rows/s at most by order");
        assertThat(order(lease -> orders.faster(lease, "bob"))).isEqualTo("no orders");
        assertThat(run.get(30, TimeUnit.SECONDS)).hasSize(1);
        assertThat(server.query("SELECT count(*) BETWEEN 1 AND 25 AND max((detail->>'percent')::int) > 5"
                        + " AND bool_and((detail->>'estimate')::int > 0)"
                        + " FROM pitstop.events WHERE event = 'backfill progress'"))
                .as("how far it was is in the log, but not with every line")
                .isEqualTo("t");
    }

    @Test
    void who_waits_for_its_rows_slows_it_down_and_the_reason_is_told() throws Exception {
        CompletableFuture<List<BackfillResult>> run = CompletableFuture.supplyAsync(this::run);
        server.awaitQuery("SELECT coalesce(sum(batches), 0) > 3 FROM pitstop.backfill_ranges", "t");
        try (Connection ours = server.database().connect("backfill 2");
                Connection application = server.connect();
                Statement write = application.createStatement()) {
            write.execute("SET application_name = 'blog-blue'");
            ours.setAutoCommit(false);
            ours.createStatement().execute("UPDATE posts SET n = 1 WHERE id = 20000");
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
                try {
                    write.execute("UPDATE posts SET n = 2 WHERE id = 20000");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            server.awaitQuery("SELECT count(*) FROM pitstop.events WHERE event = 'backfill slowed'", "1");
            ours.rollback();
            waiting.join();
        }

        assertThat(run.get(60, TimeUnit.SECONDS)).hasSize(1);
        assertThat(server.query("SELECT detail->>'reason' FROM pitstop.events WHERE event = 'backfill slowed'"))
                .contains("1 sessions wait for our locks");
    }

    @Test
    void signals_that_cannot_be_read_hold_it() throws Exception {
        DatabaseConfig nowhere = new DatabaseConfig(
                "jdbc:postgresql://127.0.0.1:1/blog", Duration.ofMillis(200), Duration.ofSeconds(10), "{colour}");
        Database unreachable = Database.from(nowhere, "blog", server.environment());
        Pace pace = new Pace();
        try (Lease lease = journal.lease(release, "backfill");
                Brakes brakes = new Brakes(unreachable, lease, "posts", Set.of(), pace, new Usual())) {
            server.awaitQuery("SELECT count(*) FROM pitstop.events WHERE event = 'backfill stopped'", "1");

            assertThat(pace.rate()).isZero();
            assertThat(brakes.words()).startsWith("stopped: the signals cannot be read: ");
        }
    }

    private String order(java.util.function.Function<Lease, Object> order) {
        try (Lease lease = journal.lease(release, "backfill-orders")) {
            return order.apply(lease).toString();
        }
    }

    private long walked() {
        return Long.parseLong(server.query("SELECT coalesce(sum(walked), 0) FROM pitstop.backfill_ranges"));
    }

    private List<BackfillResult> run() {
        BackfillSettings settings = new BackfillSettings(100, BackfillSettings.DEFAULT_BATCH_TIME, 1, Set.of());
        try (Lease lease = journal.lease(release, "backfill")) {
            return new BackfillJob(server.database(), folder, settings, lines::add).run(lease);
        }
    }
}
