package io.pitstop.step;

import static io.pitstop.config.Approvable.CONTRACT;
import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.CONTRACTED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.EnvironmentsConfig.Idle;
import io.pitstop.config.ShiftConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.ColourSessions;
import io.pitstop.release.Event;
import io.pitstop.release.Lease;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.inquiry.ContractEvidence;
import io.pitstop.step.inquiry.DrainWait;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Green has all traffic and a session in the database; contract drops the column posts.author_name. */
class ContractTest {
    private static final ShiftConfig ANY = new ShiftConfig(ShiftConfig.Plan.ALL_AT_ONCE, List.of(100), Duration.ZERO);

    @TempDir
    private Path folder;

    private final Situation at = new Situation();
    private Connection green;
    private Approvals approvals;
    private Duration drainWithin = Duration.ZERO;
    private final List<String> lines = new ArrayList<>();
    private Optional<String> acceptedRisk = NONE;

    @BeforeEach
    void green_is_live() throws SQLException {
        at.server.execute("CREATE TABLE posts (id int PRIMARY KEY, author_name text, author_id int)");
        at.sql(folder, "contract/V1__drop.sql", "ALTER TABLE posts DROP COLUMN author_name;");
        at.given(SWITCHED, BACKFILLED);
        at.router.shift(Split.allTo(GREEN));
        green = session("blog-green");
        approvals = at.approvals(folder);
    }

    @AfterEach
    void end_the_session() throws SQLException {
        green.close();
    }

    @Test
    void the_old_schema_goes_and_the_release_ends() {
        Contract.Result result = contract(Duration.ZERO, false);

        assertThat(columns()).isEqualTo("author_id,id");
        assertThat(result.dropped()).containsExactly("V1__drop.sql");
        assertThat(result.evidence()).anyMatch(line -> line.contains("0 database sessions of blue"));
        assertThat(at.facts()).contains(CONTRACTED);
        assertThat(at.journal.unfinished()).isEmpty();
    }

    @Test
    void the_second_run_says_that_nothing_is_left_to_do() {
        contract(Duration.ZERO, false);

        assertThat(contract(Duration.ZERO, false).message()).startsWith("Already contracted");
    }

    @Test
    void an_unsafe_script_is_refused_and_nothing_is_dropped() {
        at.sql(folder, "contract/V2__index.sql", "CREATE INDEX posts_author_id ON posts (author_id);");

        refused(Duration.ZERO, "contract/V2__index.sql:1: error create-index");
    }

    @Test
    void it_is_refused_until_the_switch_has_lasted_long_enough() {
        refused(Duration.ofHours(1), "has not lasted 1h");
    }

    @Test
    void it_is_refused_while_the_old_colour_gets_traffic() {
        at.router.shift(Split.giving(GREEN, 99));

        refused(Duration.ZERO, "blue still gets traffic");
    }

    @Test
    void it_is_refused_while_the_old_colour_has_a_session() throws SQLException {
        try (Connection blue = session("blog-blue")) {
            refused(Duration.ZERO, "blue still has 1 database sessions");
            assertThat(blue.isValid(1)).isTrue();
        }
    }

    @Test
    void it_is_refused_if_sessions_cannot_be_told_apart() throws SQLException {
        green.close();

        refused(Duration.ZERO, "cannot be told apart");
    }

    @Test
    void it_is_refused_if_rows_are_not_backfilled() {
        at.server.execute("INSERT INTO posts VALUES (1, 'ann', NULL)");
        at.sql(
                folder,
                "backfill/B1__authors.sql",
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                UPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to;
                """);

        refused(Duration.ZERO, "1 rows are not backfilled");
    }

    @Test
    void the_old_colour_is_removed_first_if_the_configuration_says_so() {
        contract(Duration.ZERO, true);

        assertThat(at.environments.actions).containsExactly("destroy blue");
        assertThat(at.environments.find(BLUE)).isEmpty();
    }

    @Test
    void the_old_colour_can_be_scaled_down_instead() {
        contract(Duration.ZERO, Idle.SCALE_DOWN);

        assertThat(at.environments.actions).containsExactly("scale down blue");
        assertThat(at.events()).containsSubsequence("scaling idle environment down", "contract begun", "contracted");
        assertThat(columns()).isEqualTo("author_id,id");
    }

    @Test
    void a_removal_that_failed_is_gone_on_with_before_anything_is_dropped() {
        at.environments.failsToRemove = true;
        assertThatThrownBy(() -> contract(Duration.ZERO, true)).isInstanceOf(DependencyFailed.class);
        assertThat(columns()).isEqualTo("author_id,author_name,id");

        contract(Duration.ZERO, true);

        assertThat(at.environments.actions).containsExactly("destroy blue", "destroy blue");
        assertThat(columns()).isEqualTo("author_id,id");
    }

    @Test
    void a_contract_that_fails_after_it_began_to_take_compute_away_is_told_by_status_and_rollback() {
        at.environments.failsToRemove = true;
        at.router.unhealthy.add(BLUE);
        assertThatThrownBy(() -> contract(Duration.ZERO, true)).isInstanceOf(DependencyFailed.class);

        assertThat(status()).contains("Contract began to take away the compute of blue at ");
        assertThatThrownBy(() -> at.rollback().run(NONE, false)).isInstanceOfSatisfying(MoveRefused.class, refusal -> {
            assertThat(refusal).hasMessageContaining("Contract began to take away the compute of blue at ");
            assertThat(refusal.hint())
                    .contains("Run pitstop contract again to finish blog-2-1")
                    .contains("app_version=1");
        });

        at.router.unhealthy.clear();
        at.rollback().run(NONE, false);
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(status()).doesNotContain("take away");
    }

    private String status() {
        return new Status(at.journal, at.router, Duration.ZERO, List.of())
                .read(NONE)
                .orElseThrow()
                .message();
    }

    @ParameterizedTest
    @EnumSource(Idle.class)
    void it_is_refused_until_the_old_colour_has_finished_what_it_was_sent(Idle idle) {
        at.router.inFlight = 3;

        assertThatThrownBy(() -> contract(Duration.ZERO, idle))
                .isInstanceOf(MoveRefused.class)
                .hasMessage("blue has not drained within 0ms: 3 requests in flight.");

        assertThat(at.environments.actions).isEmpty();
        assertThat(at.events()).doesNotContain("archived");
        assertThat(columns()).isEqualTo("author_id,author_name,id");
        assertThat(at.facts()).doesNotContain(CONTRACT_BEGUN, CONTRACTED);
    }

    @Test
    void it_waits_for_the_last_requests_and_the_event_log_tells_what_showed_that_there_are_none() {
        drainWithin = Duration.ofMinutes(1);
        at.router.inFlight = 3;
        at.router.whenAskedForDrain = () -> at.router.inFlight = Math.max(0, at.router.inFlight - 1);

        Contract.Result result = contract(Duration.ZERO, Idle.DESTROY);

        assertThat(lines).containsExactly("waiting until blue has drained, 0s of 1m: 2 requests in flight");
        assertThat(result.evidence()).contains("blue has drained: 0 requests in flight");
        assertThat(at.journal.events(at.release()))
                .filteredOn(event -> event.particulars().toString().contains("blue has drained: 0 requests in flight"))
                .extracting(Event::event)
                .containsExactly("destroying idle environment", "contract begun");
    }

    @Test
    void what_comes_to_the_old_colour_while_it_is_archived_keeps_its_compute() {
        AtomicInteger looks = new AtomicInteger();
        at.router.whenAskedForDrain = () -> at.router.inFlight = looks.incrementAndGet() > 2 ? 1 : 0;

        assertThatThrownBy(() -> contract(Duration.ZERO, Idle.DESTROY)).isInstanceOf(MoveRefused.class);

        assertThat(at.environments.actions).isEmpty();
        assertThat(at.events()).contains("archived");
        assertThat(columns()).isEqualTo("author_id,author_name,id");
    }

    @Test
    void a_rollback_ends_the_wait() {
        drainWithin = Duration.ofMinutes(1);
        at.router.inFlight = 3;
        at.router.whenAskedForDrain = () -> {
            at.router.whenAskedForDrain = () -> {};
            at.rollback().run(NONE, false);
        };

        assertThatThrownBy(() -> contract(Duration.ZERO, Idle.DESTROY))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("blue still gets traffic");

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(at.environments.actions).isEmpty();
        assertThat(columns()).isEqualTo("author_id,author_name,id");
    }

    @Test
    void a_script_that_fails_before_anything_was_dropped_leaves_the_way_back_open() {
        at.sql(folder, "contract/V1__drop.sql", "ALTER TABLE posts DROP COLUMN author_name; SELECT 1 / 0;");

        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);

        assertThat(at.facts()).doesNotContain(CONTRACT_BEGUN);
        at.rollback().run(NONE, false);
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void the_old_colour_is_not_removed_if_sessions_cannot_be_told_apart() throws SQLException {
        green.close();

        assertThatThrownBy(() -> contract(Duration.ZERO, true))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("cannot be told apart");
        assertThat(at.environments.actions).isEmpty();
    }

    @Test
    void a_script_outside_a_transaction_that_failed_may_have_dropped_something() {
        at.server.execute("CREATE INDEX posts_author ON posts (author_name)");
        at.sql(folder, "contract/V1__drop.sql", "DROP INDEX CONCURRENTLY posts_author;\nVACUUM no_such_table;");

        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);

        assertThat(at.facts()).contains(CONTRACT_BEGUN);
    }

    @Test
    void a_script_outside_a_transaction_that_failed_before_its_drop_can_be_run_again() {
        at.server.execute("CREATE INDEX posts_author ON posts (author_name)");
        at.sql(folder, "contract/V1__drop.sql", "VACUUM no_such_table;\nDROP INDEX CONCURRENTLY posts_author;");
        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);
        at.sql(folder, "contract/V1__drop.sql", "VACUUM posts;\nDROP INDEX CONCURRENTLY posts_author;");

        contract(Duration.ofHours(1), false);

        assertThat(at.facts()).contains(CONTRACTED);
        assertThat(at.server.query("SELECT to_regclass('posts_author') IS NULL"))
                .isEqualTo("t");
    }

    @Test
    void a_run_that_failed_after_the_first_drop_can_only_go_on() {
        at.sql(folder, "contract/V2__more.sql", "SELECT 1 / 0;");
        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);
        assertThat(at.facts()).contains(CONTRACT_BEGUN);
        assertThatThrownBy(() -> at.rollback().run(NONE, false)).isInstanceOf(MoveRefused.class);

        at.sql(folder, "contract/V2__more.sql", "ALTER TABLE posts DROP COLUMN author_id;");
        contract(Duration.ofHours(1), false);

        assertThat(columns()).isEqualTo("id");
        assertThat(at.facts()).contains(CONTRACTED);
    }

    @Test
    void it_is_refused_until_somebody_has_approved_it() {
        approvals = at.approvals(folder, CONTRACT);

        refused(Duration.ZERO, "Nobody has approved contract of blog-2-1.");

        at.approve(approvals, CONTRACT, ANY);
        assertThat(contract(Duration.ZERO, false).dropped()).containsExactly("V1__drop.sql");
        assertThat(at.journal.events(at.release()))
                .anyMatch(event ->
                        event.event().equals("approved") && event.person().equals("eve"));
    }

    @Test
    void a_script_that_was_changed_after_the_approval_is_refused() {
        at.approve(approvals, CONTRACT, ANY);
        at.sql(folder, "contract/V1__drop.sql", "ALTER TABLE posts DROP COLUMN author_name, DROP COLUMN author_id;");

        refused(Duration.ZERO, "but is not what was approved any more: applies V1__drop.sql was sha256 ");
    }

    @Test
    void a_script_that_was_added_after_the_approval_is_refused() {
        at.approve(approvals, CONTRACT, ANY);
        at.sql(folder, "contract/V2__more.sql", "ALTER TABLE posts DROP COLUMN author_id;");

        refused(Duration.ZERO, "not approved: applies V2__more.sql: sha256 ");
    }

    @Test
    void a_run_that_was_cut_short_has_less_left_to_do_than_was_approved_and_goes_on() {
        at.server.execute("CREATE TABLE other (id int)", "CREATE VIEW on_other AS SELECT id FROM other");
        at.sql(folder, "contract/V2__more.sql", "DROP TABLE other;");
        approvals = at.approvals(folder, CONTRACT);
        at.approve(approvals, CONTRACT, ANY);
        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);
        assertThat(columns()).isEqualTo("author_id,id");
        at.server.execute("DROP VIEW on_other");

        assertThat(contract(Duration.ZERO, false).dropped()).containsExactly("V2__more.sql");
        assertThat(at.facts()).contains(CONTRACTED);
    }

    @Test
    void what_is_left_to_do_but_was_changed_meanwhile_must_be_approved_again() {
        at.sql(folder, "contract/V2__more.sql", "SELECT 1 / 0;");
        at.approve(approvals, CONTRACT, ANY);
        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);
        at.sql(folder, "contract/V2__more.sql", "ALTER TABLE posts DROP COLUMN author_id;");

        assertThatThrownBy(() -> contract(Duration.ZERO, false))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("applies V2__more.sql was ");
        at.approve(approvals, CONTRACT, ANY);
        contract(Duration.ZERO, false);

        assertThat(columns()).isEqualTo("id");
    }

    @Test
    void what_goes_is_archived_first_and_the_result_says_so() {
        at.server.execute("INSERT INTO posts VALUES (1, 'ann', 1), (2, 'bob', 2)");
        at.lookAtStatements();

        assertThat(contract(Duration.ZERO, false).archived())
                .containsExactly("V1__drop.sql: 2 rows of public.posts (author_name)", "V1__drop.sql: 1 definitions");

        assertThat(at.server.query(
                        "SELECT string_agg(id || author_name, ' ' ORDER BY id) FROM pitstop_archive.a1_posts"))
                .isEqualTo("1ann 2bob");
        assertThat(at.events()).contains("archived");
    }

    @Test
    void what_cannot_be_archived_is_not_dropped() {
        at.server.execute("CREATE TABLE log (at timestamptz) PARTITION BY RANGE (at)");
        at.sql(folder, "contract/V2__log.sql", "DROP TABLE log;");

        refused(Duration.ZERO, "V2__log.sql drops table public.log, which is partitioned and cannot be archived");
    }

    @Test
    void what_a_script_drops_without_saying_so_is_not_dropped() {
        at.server.execute(
                "CREATE FUNCTION drop_it() RETURNS void LANGUAGE sql AS 'ALTER TABLE posts DROP COLUMN author_name'");
        at.sql(folder, "contract/V1__drop.sql", "SELECT drop_it();");

        refused(
                Duration.ZERO,
                "drops what was not archived, because it does not say so: table column public.posts.author_name");
    }

    @Test
    void a_script_may_say_why_nothing_of_it_is_archived() {
        at.sql(
                folder,
                "contract/V1__drop.sql",
                "-- pitstop:unarchived because it is in the backup\nALTER TABLE posts DROP COLUMN author_name;");

        assertThat(contract(Duration.ZERO, false).archived())
                .containsExactly("V1__drop.sql: nothing, because it is in the backup");
        assertThat(columns()).isEqualTo("author_id,id");
    }

    @Test
    void a_rollback_takes_down_what_an_unfinished_contract_has_put_on_the_tables() throws SQLException {
        at.sql(folder, "contract/V1__drop.sql", "ALTER TABLE posts DROP COLUMN author_name; SELECT 1 / 0;");
        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);
        String triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'posts'::regclass";
        assertThat(at.server.query(triggers)).isEqualTo("3");

        at.rollback().run(NONE, false);

        assertThat(at.server.query(triggers)).isEqualTo("0");
        assertThat(at.server.query(
                        "SELECT count(*) FROM pg_class WHERE relnamespace = 'pitstop_archive'::regnamespace"))
                .isEqualTo("0");
    }

    @Test
    void a_script_that_was_merged_for_the_next_version_meanwhile_is_refused_and_put_before_nobody() {
        notedByMigrateExpand();
        at.sql(folder, "contract/V2__next.sql", "ALTER TABLE posts DROP COLUMN author_id;");

        refused(Duration.ZERO, "what was not there when the release began: V2__next.sql is new.");
        assertThatThrownBy(() -> at.approve(approvals, CONTRACT, ANY))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("V2__next.sql is new");
    }

    @Test
    void a_script_that_was_changed_since_the_release_began_is_refused() {
        notedByMigrateExpand();
        at.sql(folder, "contract/V1__drop.sql", "ALTER TABLE posts DROP COLUMN author_name, DROP COLUMN author_id;");

        refused(Duration.ZERO, "V1__drop.sql was changed");
    }

    @Test
    void the_scripts_that_the_release_began_with_are_applied() {
        notedByMigrateExpand();

        assertThat(contract(Duration.ZERO, false).dropped()).containsExactly("V1__drop.sql");
    }

    @Test
    void migrate_expand_again_renews_what_contract_may_apply_until_users_have_the_new_version() {
        notedByMigrateExpand();
        at.sql(folder, "contract/V2__more.sql", "ALTER TABLE posts DROP COLUMN author_id;");
        migrateExpand();
        refused(Duration.ZERO, "V2__more.sql is new");

        notedByMigrateExpand();

        assertThat(contract(Duration.ZERO, false).dropped()).containsExactly("V1__drop.sql", "V2__more.sql");
    }

    @Test
    void a_planned_script_that_failed_after_the_first_drop_can_be_mended() {
        at.sql(folder, "contract/V2__more.sql", "SELECT 1 / 0;");
        notedByMigrateExpand();
        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);
        at.sql(folder, "contract/V2__more.sql", "ALTER TABLE posts DROP COLUMN author_id;");

        assertThat(contract(Duration.ZERO, false).dropped()).containsExactly("V2__more.sql");
    }

    @Test
    void it_is_refused_if_a_statement_has_used_what_goes_since_the_switch() {
        at.server.execute("SELECT author_name FROM posts");

        refused(Duration.ZERO, "uses posts.author_name (postgres, 1 times)");
    }

    @Test
    void it_is_refused_if_old_and_new_values_differ() {
        at.server.execute("INSERT INTO posts VALUES (1, 'ann', 1), (2, 'bob', 1)");
        at.lookAtStatements();
        at.sql(
                folder,
                "backfill/B1__authors.sql",
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE author_id IS NULL
                -- same: SELECT id, author_name = 'ann' FROM posts WHERE id BETWEEN :from AND :to
                UPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to;
                """);

        refused(Duration.ZERO, "Old and new values differ in 1 of 2 rows of posts, by B1__authors.sql: key 2.");
    }

    @Test
    void nobody_can_accept_what_speaks_against_it() {
        at.server.execute("SELECT author_name FROM posts");
        acceptedRisk = Optional.of("it is only a report");

        refused(Duration.ZERO, "uses posts.author_name");
    }

    @Test
    void what_uses_it_while_it_is_archived_is_seen_in_time() {
        AtomicInteger looks = new AtomicInteger();
        at.router.whenAskedForDrain = () -> {
            if (looks.incrementAndGet() > 2) {
                at.server.execute("SELECT author_name FROM posts");
            }
        };

        refused(Duration.ZERO, "uses posts.author_name");
        assertThat(at.events()).contains("archived");
    }

    @Test
    void evidence_that_is_missing_stops_it_until_somebody_accepts_the_risk() {
        at.server.execute("DROP EXTENSION pg_stat_statements");
        refused(Duration.ZERO, "Nobody knows which statements ran since the switch");

        acceptedRisk = Optional.of("nobody but the blog may read it");

        assertThat(contract(Duration.ZERO, false).evidence())
                .anyMatch(line -> line.startsWith(
                        "missing, accepted by ann: nobody but the blog may read it: Nobody knows which statements"));
        assertThat(at.journal.events(at.release()))
                .anyMatch(event ->
                        event.event().equals("risk accepted") && event.person().equals("ann"));
    }

    @Test
    void a_risk_that_was_accepted_after_the_approval_must_be_approved_too() {
        at.server.execute("DROP EXTENSION pg_stat_statements");
        approvals = at.approvals(folder, CONTRACT);
        at.approve(approvals, CONTRACT, ANY);
        acceptedRisk = Optional.of("nobody but the blog may read it");

        refused(Duration.ZERO, "not approved: goes on without evidence that is missing, accepted: by ann: nobody but");

        acceptedRisk = NONE;
        at.approve(approvals, CONTRACT, ANY);
        assertThat(contract(Duration.ZERO, false).dropped()).containsExactly("V1__drop.sql");
    }

    @Test
    void a_risk_covers_only_the_kinds_of_evidence_that_were_missing_when_it_was_accepted() {
        at.sql(
                folder,
                "backfill/B1__authors.sql",
                """
                -- backfill: table=posts key=id
                -- remaining: SELECT count(*) FROM posts WHERE author_name IS NOT NULL AND author_id IS NULL
                UPDATE posts SET author_id = 1 WHERE id BETWEEN :from AND :to;
                """);
        approvals = at.approvals(folder, CONTRACT);
        acceptedRisk = Optional.of("compared by hand");
        refused(Duration.ZERO, "Nobody has approved");
        at.approve(approvals, CONTRACT, ANY);
        acceptedRisk = NONE;
        at.server.execute("DROP EXTENSION pg_stat_statements");

        refused(
                Duration.ZERO,
                "Missing, and not what was accepted by ann: compared by hand: Nobody knows which statements ran");

        acceptedRisk = Optional.of("compared by hand");
        refused(
                Duration.ZERO,
                "nobody knows was whether old and new values agree, is whether old and new values agree;"
                        + " which statements ran, as the server does not count them");
    }

    @Test
    void a_risk_that_covers_what_is_missing_need_not_be_approved_again() {
        at.server.execute("DROP EXTENSION pg_stat_statements");
        approvals = at.approvals(folder, CONTRACT);
        acceptedRisk = Optional.of("nobody but the blog may read it");
        refused(Duration.ZERO, "Nobody has approved");
        at.approve(approvals, CONTRACT, ANY);

        assertThat(contract(Duration.ZERO, false).dropped()).containsExactly("V1__drop.sql");
    }

    @Test
    void there_is_no_risk_to_accept_where_nothing_is_missing() {
        acceptedRisk = Optional.of("it is always given");

        contract(Duration.ZERO, false);

        assertThat(at.events()).doesNotContain("risk accepted");
    }

    @Test
    void a_risk_is_accepted_for_a_reason_only() {
        acceptedRisk = Optional.of(" ");

        assertThatThrownBy(() -> contract(Duration.ZERO, false)).isInstanceOf(InvalidConfig.class);
    }

    /** Before users had the new version, as it must be. */
    private void notedByMigrateExpand() {
        try (Lease lease = at.journal.lease(at.release(), "given")) {
            lease.revoke(SWITCHED, "as before the switch");
        }
        migrateExpand();
        try (Lease lease = at.journal.lease(at.release(), "given")) {
            lease.record(SWITCHED, Map.of());
        }
    }

    private void migrateExpand() {
        at.router.shift(Split.allTo(BLUE));
        new MigrateExpand(
                        at.journal,
                        at.router,
                        at.environments,
                        at.expand(folder),
                        at.contract(folder),
                        at.safety(folder, line -> {}))
                .run(NONE, NONE);
        at.router.shift(Split.allTo(GREEN));
    }

    private Contract.Result contract(Duration after, boolean destroyIdle) {
        return contract(after, destroyIdle ? Idle.DESTROY : Idle.KEEP);
    }

    private Contract.Result contract(Duration after, Idle idle) {
        ContractEvidence evidence = new ContractEvidence(
                at.journal,
                at.router,
                new ColourSessions(at.server.database(), "blog"),
                at.backfillJob(folder),
                after,
                new DrainWait(at.router, drainWithin, Duration.ofMillis(5), lines::add),
                at.comparisonEvidence(folder),
                at.statementEvidence(folder, after));
        return new Contract(
                        at.journal,
                        evidence,
                        at.environments,
                        idle,
                        at.contractScripts(folder),
                        approvals,
                        at.safety(folder, line -> {}))
                .run(NONE, acceptedRisk);
    }

    private void refused(Duration after, String why) {
        assertThatThrownBy(() -> contract(after, false))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining(why);
        assertThat(columns()).isEqualTo("author_id,author_name,id");
        assertThat(at.facts()).doesNotContain(CONTRACT_BEGUN, CONTRACTED);
    }

    private String columns() {
        return at.server.query(
                "SELECT string_agg(column_name, ',' ORDER BY column_name) FROM information_schema.columns"
                        + " WHERE table_name = 'posts'");
    }

    private Connection session(String name) throws SQLException {
        return DriverManager.getConnection(
                at.server.url() + "?user=postgres&password=postgres&ApplicationName=" + name);
    }
}
