package io.pitstop.demo.witness;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.database.TestDatabase;
import io.pitstop.demo.blog.BlogApp;
import io.pitstop.demo.blog.BlogSchema;
import io.pitstop.demo.blog.Seed;
import io.pitstop.demo.witness.Testimony.Kind;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Version 1 serves 600 posts by 60 authors from blue, to ten users behind a router. Green is there for version 2. */
class WitnessTest {
    private static final Seed SEED = new Seed(600, 60);
    private static final String COPY = "CREATE TABLE copy AS SELECT * FROM posts";

    private final TestDatabase database = TestDatabase.create();
    private final BlogSchema schema = new BlogSchema(database).version1().seed(SEED);
    private final BlogApp blue = app("blue", "1");
    private final FakeRouter router = new FakeRouter(blue);
    private final Witness witness = Witness.start(new WitnessPlan(router.uri(), SEED, 10, 200), database.database());
    private BlogApp green;

    @AfterEach
    void stop() {
        witness.close();
        router.close();
        blue.close();
        if (green != null) {
            green.close();
        }
    }

    @Test
    void a_release_without_a_fault_is_clean() {
        afterRequests(200);
        schema.expand();
        afterRequests(100);
        schema.backfill();
        witness.backfilled();
        schema.finish();
        green = app("green", "2");
        router.to(blue, green);
        afterRequests(300);
        Instant order = Instant.now();
        witness.phase("green only");
        router.to(green);
        await(() -> witness.phases().get(1).requests() >= 200);
        Duration first = witness.firstOn(GREEN, order).orElseThrow();
        assertThat(first).isPositive();
        assertThat(witness.allOn(GREEN, order, Instant.now()).orElseThrow()).isGreaterThanOrEqualTo(first);
        assertThat(witness.allOn(BLUE, order, Instant.now())).isEmpty();
        schema.contract();
        afterRequests(200);

        Testimony seen = witness.stop();

        assertThat(seen.failures()).isEmpty();
        assertThat(seen.findings()).isEmpty();
        assertThat(seen.isClean()).isTrue();
        assertThat(seen.requests()).isGreaterThanOrEqualTo(1_000);
        assertThat(seen.writes()).isBetween(seen.requests() / 5, seen.requests() / 2);
        assertThat(seen.compared()).isGreaterThan(100);
        assertThat(seen.phases()).extracting(Testimony.Phase::name).containsExactly("start", "green only");
        assertThat(seen.phases().get(0).requests() + seen.phases().get(1).requests())
                .isEqualTo(seen.requests());
        assertThat(seen.phases().get(1).p50Ms()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void old_columns_that_come_back_count_from_the_end_of_the_restore(boolean complete) {
        schema.expand().backfill().finish();
        witness.backfilled();
        green = app("green", "2");
        router.to(green);
        witness.phase("green only");
        await(() -> witness.phases().get(1).requests() >= 100);
        schema.contract();
        afterRequests(50);
        witness.restoring();
        database.execute("ALTER TABLE posts ADD COLUMN author_name text, ADD COLUMN author_email text");
        afterRequests(400);
        witness.close();
        if (complete) {
            database.execute("UPDATE posts SET author_name = name, author_email = email FROM authors"
                    + " WHERE authors.id = author_id");
        }
        witness.restored();

        assertThat(witness.stop().isClean()).isEqualTo(complete);
    }

    @Test
    void a_missing_trigger_shows() {
        schema.expand();
        database.execute("DROP TRIGGER zz_posts_author_dual_write ON posts");
        afterRequests(600);

        Testimony seen = witness.stop();

        assertThat(seen.failed()).isZero();
        assertThat(seen.altered()).isPositive();
        assertThat(seen.findings()).allMatch(finding -> finding.kind() == Kind.ALTERED);
    }

    @Test
    void a_backfill_that_overwrites_newer_authors_shows() throws Exception {
        schema.expand();
        database.execute(COPY);
        afterRequests(300);
        schema.backfill();
        withoutTrigger("UPDATE posts SET author_id = authors.id FROM copy JOIN authors ON authors.email ="
                + " copy.author_email WHERE posts.id = copy.id");

        Testimony seen = witness.stop();

        assertThat(seen.altered()).isPositive();
    }

    @Test
    void a_copy_that_brings_old_posts_back_shows_as_lost_writes() {
        database.execute(COPY);
        afterRequests(300);
        database.execute("UPDATE posts SET title = copy.title, content = copy.content, author_name = copy.author_name,"
                + " author_email = copy.author_email FROM copy WHERE posts.id = copy.id");

        Testimony seen = witness.stop();

        assertThat(seen.lost()).isPositive();
        assertThat(seen.altered()).isZero();
    }

    @Test
    void a_window_without_trigger_shows_even_if_it_is_closed_again() {
        schema.expand().backfill();
        String function = "EXECUTE FUNCTION posts_author_dual_write()";
        String trigger = database.query(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'zz_posts_author_dual_write'");
        assertThat(trigger).contains(function);
        database.execute("DROP TRIGGER zz_posts_author_dual_write ON posts");
        afterRequests(300);
        database.execute(trigger);
        schema.backfill();
        witness.backfilled();

        Testimony seen = witness.stop();

        assertThat(seen.failed()).isZero();
        assertThat(seen.altered()).isPositive();
    }

    @Test
    void a_router_that_drops_requests_in_flight_shows_as_failures_only() {
        router.dropEvery(40);
        afterRequests(400);

        Testimony seen = witness.stop();

        assertThat(seen.failed()).isPositive().isEqualTo(router.dropped());
        assertThat(seen.failures()).allMatch(failure -> failure.phase().equals("start"));
        assertThat(seen.lost() + seen.altered()).isZero();
    }

    @Test
    void posts_that_vanish_or_change_show_also_if_nobody_had_edited_them() {
        afterRequests(100);
        witness.close();
        String untouched = "(SELECT %s(id) FROM posts WHERE title LIKE 'Seed%%')";
        database.execute(
                "DELETE FROM posts WHERE id = (SELECT max(id) FROM posts)",
                "DELETE FROM posts WHERE id = " + untouched.formatted("max"),
                "UPDATE posts SET content = 'x' WHERE id = " + untouched.formatted("min"),
                "UPDATE posts SET content = 'x' WHERE id = (SELECT min(id) FROM posts WHERE id > 600)");

        Testimony seen = witness.stop();

        assertThat(seen.lost()).isEqualTo(2);
        assertThat(seen.altered()).isEqualTo(2);
    }

    @Test
    void a_wrong_answer_names_who_gave_it_and_what_was_expected() {
        afterRequests(100);
        database.execute("UPDATE posts SET content = 'x'");
        afterRequests(100);

        Testimony seen = witness.stop();

        assertThat(seen.failed()).isPositive();
        Testimony.Failure failure = seen.failures().get(seen.failures().size() - 1);
        assertThat(failure.colour()).isEqualTo("blue");
        assertThat(failure.operation()).isNotBlank();
        assertThat(failure.expected()).containsPattern("This is (write|seed post) \\d+");
        assertThat(failure.got()).startsWith("200 and ").contains("\"content\":\"x\"");
        assertThat(seen.altered()).isPositive();
    }

    /** Ten users who wait would send ten slow requests; but all that were due in the meantime are slow. */
    @Test
    void a_stall_shows_in_the_percentiles_as_users_feel_it() {
        afterRequests(50);
        router.hold();
        witness.phase("stall");
        LockSupport.parkNanos(Duration.ofMillis(600).toNanos()); // the length of the stall is what is measured
        witness.phase("after");
        router.release();
        afterRequests(300);

        Testimony.Phase stall = witness.stop().phases().get(1);

        assertThat(stall.requests()).isGreaterThan(80);
        assertThat(stall.p50Ms()).isGreaterThan(200);
        assertThat(stall.p99Ms()).isGreaterThan(500);
    }

    private void withoutTrigger(String sql) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET pitstop.backfill = 'on'");
            statement.execute(sql);
        }
    }

    private void afterRequests(long more) {
        long wanted = witness.requests() + more;
        await(() -> witness.requests() >= wanted);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for 30 s").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private BlogApp app(String colour, String version) {
        return BlogApp.start(Map.of(
                "PORT",
                "0",
                "COLOUR",
                colour,
                "APP_VERSION",
                version,
                "BLOG_DB_URL",
                database.url(),
                "BLOG_DB_USER",
                database.environment().get("PITSTOP_DB_USER"),
                "BLOG_DB_PASSWORD",
                database.environment().get("PITSTOP_DB_PASSWORD")));
    }
}
