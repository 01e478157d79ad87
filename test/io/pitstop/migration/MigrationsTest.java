package io.pitstop.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.metrics.Counts;
import io.pitstop.metrics.Meter;
import io.pitstop.release.Lease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A blog whose first script made table posts. */
class MigrationsTest {
    private Blog blog;

    @BeforeEach
    void begin(@TempDir Path folder) {
        blog = new Blog(folder);
        blog.script("V1__posts.sql", "CREATE TABLE posts (id bigint PRIMARY KEY, name text);");
        blog.expand();
        blog.lines.clear();
    }

    @Test
    void what_is_pending_is_applied_in_order_and_the_second_run_does_nothing_and_says_so() {
        Path second = blog.script("V2__email.sql", "ALTER TABLE posts ADD COLUMN email text;");
        blog.script("V3__age.sql", "ALTER TABLE posts ADD COLUMN age int;");

        assertThat(migrations().pending()).extracting(Pending::version).containsExactly("2", "3");
        assertThat(migrations().pending().get(0)).isEqualTo(new Pending("2", "email", second, true));
        assertThat(blog.expand()).extracting(Applied::version).containsExactly("2", "3");
        assertThat(migrations().pending()).isEmpty();
        assertThat(blog.lines).anyMatch(line -> line.matches("expand: V2__email.sql applied in \\d+ ms"));

        blog.lines.clear();
        assertThat(blog.expand()).isEmpty();
        assertThat(blog.lines).singleElement().asString().contains("nothing to do");
        assertThat(blog.history()).isEqualTo("1 2 3");
    }

    @Test
    void a_folder_that_does_not_exist_holds_nothing() {
        try (Lease lease = blog.lease("contract")) {
            Migrations contract = Migrations.contract(blog.database(), blog.folders, blog.lines::add);

            assertThat(contract.pending()).isEmpty();
            assertThat(contract.migrate(lease)).isEmpty();
        }
        assertThat(blog.lines).singleElement().asString().contains("does not exist");
    }

    @Test
    void each_phase_has_a_history_of_its_own_and_may_begin_at_version_1() {
        blog.script(blog.folders.finish(), "V1__f.sql", "ALTER TABLE posts ADD COLUMN f int;");
        blog.script(blog.folders.contract(), "V1__c.sql", "ALTER TABLE posts DROP COLUMN name;");

        try (Lease lease = blog.lease("backfill")) {
            assertThat(Migrations.finish(blog.database(), blog.folders, blog.lines::add)
                            .migrate(lease))
                    .hasSize(1);
            assertThat(Migrations.contract(blog.database(), blog.folders, blog.lines::add)
                            .migrate(lease))
                    .hasSize(1);
        }

        assertThat(blog.history()).isEqualTo("1");
        assertThat(blog.server.query("SELECT count(*) FROM pitstop_finish_history WHERE version = '1'"))
                .isEqualTo("1");
        assertThat(blog.server.query("SELECT count(*) FROM pitstop_contract_history WHERE version = '1'"))
                .isEqualTo("1");
    }

    @Test
    void a_schema_that_is_in_use_but_unknown_to_flyway_is_refused_with_the_way_out(@TempDir Path folder) {
        Blog other = new Blog(folder);
        other.server.execute("CREATE TABLE posts (id int)");
        other.script("V1__x.sql", "ALTER TABLE posts ADD COLUMN x int;");

        assertThatThrownBy(other::expand).isInstanceOfSatisfying(InvalidConfig.class, e -> assertThat(e.hint())
                .contains("baseline"));
        assertThat(other.server.query("SELECT to_regclass('flyway_schema_history')"))
                .isEqualTo("null");
    }

    @Test
    void a_script_that_fails_names_file_line_and_what_is_applied_and_works_once_mended() {
        blog.script("V2__good.sql", "ALTER TABLE posts ADD COLUMN good int;");
        Path bad = blog.script(
                "V3__bad.sql", "ALTER TABLE posts ADD COLUMN half int;", "", "ALTER TABLE posts ADD COLUMN name text;");

        assertThatThrownBy(blog::expand)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(bad + ":3: column \"name\" of relation \"posts\" already exists (42701)")
                .hasMessageContaining("ADD COLUMN name text")
                .hasMessageContaining("rolled back")
                .hasMessageContaining("Applied before it, and staying: V2__good.sql.");
        assertThat(blog.history()).isEqualTo("1 2");

        blog.script("V3__bad.sql", "ALTER TABLE posts ADD COLUMN half int;");
        assertThat(blog.expand()).extracting(Applied::version).containsExactly("3");
        assertThat(blog.server.query(
                        "SELECT string_agg(event || ': ' || coalesce(detail->>'script', 'bad'), ', ' ORDER BY id)"
                                + " FROM pitstop.events WHERE event IN ('script applied', 'migration failed')"))
                .endsWith("script applied: V2__good.sql, migration failed: bad, script applied: V3__bad.sql");
    }

    @Test
    void what_is_applied_is_told_by_flyways_history_without_its_baselines() {
        blog.script(blog.folders.finish(), "V1__f.sql", "ALTER TABLE posts ADD COLUMN f int;");
        Migrations finish = Migrations.finish(blog.database(), blog.folders, blog.lines::add);

        assertThat(finish.past()).isEmpty();
        try (Lease lease = blog.lease("backfill")) {
            finish.migrate(lease);
        }

        assertThat(finish.past()).extracting(Past::phase, Past::script).containsExactly(tuple("finish", "V1__f.sql"));
    }

    @Test
    void a_script_that_was_changed_after_it_was_applied_is_refused() {
        blog.script("V1__posts.sql", "CREATE TABLE posts (id int);");

        assertThatThrownBy(blog::expand)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("checksum mismatch")
                .hasMessageContaining("version 1");
    }

    @Test
    void a_script_that_mixes_what_can_and_cannot_run_in_a_transaction_is_refused_untouched() {
        Path mixed = blog.script(
                "V2__mixed.sql",
                "ALTER TABLE posts ADD COLUMN x int;",
                "CREATE INDEX CONCURRENTLY posts_x ON posts (x);");

        assertThatThrownBy(blog::expand).isInstanceOf(InvalidConfig.class).hasMessageContaining(mixed + ":2");
        assertThat(blog.server.query("SELECT count(*) FROM information_schema.columns WHERE column_name = 'x'"))
                .isEqualTo("0");
    }

    @Test
    void rows_that_the_server_quotes_do_not_show() {
        blog.server.execute("INSERT INTO posts VALUES (1, 'secret'), (2, 'secret')");
        blog.script("V2__unique.sql", "CREATE UNIQUE INDEX posts_name ON posts (name);");

        assertThatThrownBy(blog::expand)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("posts_name")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void repeatable_scripts_with_placeholders_of_flyway_run_once() {
        blog.script("R__view.sql", "CREATE OR REPLACE VIEW ${flyway:defaultSchema}.titles AS SELECT name FROM posts;");

        assertThat(blog.expand()).extracting(Applied::version).containsExactly("");
        assertThat(blog.expand()).isEmpty();
        assertThat(migrations().pending()).isEmpty();
    }

    @Test
    void another_phase_of_the_same_application_waits_and_is_then_refused() {
        blog.script(blog.folders.contract(), "V1__slow.sql", "SELECT pg_sleep(30);");
        blog.script("V2__x.sql", "ALTER TABLE posts ADD COLUMN x int;");
        Thread contract = new Thread(() -> {
            try (Lease lease = blog.lease("contract")) {
                assertThatThrownBy(() -> Migrations.contract(blog.database(), blog.folders, blog.lines::add)
                        .migrate(lease));
            }
        });
        contract.start();
        blog.server.awaitQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%'"
                        + " AND application_name = 'pitstop:blog:contract'",
                "1");

        assertThatThrownBy(blog::expand).isInstanceOf(MoveRefused.class).hasMessageContaining("pitstop:blog:contract");

        blog.server.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%'"
                + " AND pid <> pg_backend_pid()");
        join(contract);
        assertThat(blog.expand()).hasSize(1);
    }

    @Test
    void each_try_for_a_lock_but_the_first_counts_as_a_retry() throws Exception {
        blog.script("V2__x.sql", "ALTER TABLE posts ADD COLUMN x int;");
        Counts counts = new Counts();
        List<Applied> applied;
        try (Connection reader = blog.server.connect();
                Statement read = reader.createStatement();
                Lease lease = blog.lease("migrate-expand")) {
            reader.setAutoCommit(false);
            read.execute("LOCK TABLE posts IN ACCESS SHARE MODE");
            CompletableFuture<List<Applied>> expand = CompletableFuture.supplyAsync(
                    () -> migrations().measuredBy(counts).migrate(lease));
            read.execute("SELECT pg_sleep(1)");
            reader.rollback();
            applied = expand.get(20, TimeUnit.SECONDS);
        }

        assertThat(counts.of(Meter.LOCK_TRIES))
                .isEqualTo(applied.get(0).tries())
                .isGreaterThan(1);
        assertThat(counts.of(Meter.RETRIES, "lock")).isEqualTo(applied.get(0).tries() - 1);
    }

    private Migrations migrations() {
        return Migrations.expand(blog.database(), blog.folders, blog.lines::add);
    }

    private static void join(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(List.of(thread.isAlive())).containsExactly(false);
    }
}
