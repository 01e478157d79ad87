package io.pitstop.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.pitstop.database.Database;
import io.pitstop.database.TestDatabase;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A real PostgreSQL in which release 2 of blog was just opened; green is the candidate. */
class ReleaseJournalTest {
    private final TestDatabase server = TestDatabase.create();
    private final ReleaseJournal journal = journal("ann");
    private final Release release = journal.open("2", "1", Colour.GREEN);

    @Test
    void a_release_is_named_after_application_version_and_attempt() {
        assertThat(release.id()).isEqualTo("blog-2-1");
        assertThat(release.facts()).isEmpty();
        assertThat(journal.unfinished()).contains(release);
    }

    @Test
    void a_full_disk_at_the_first_release_of_all_is_told_as_one() {
        TestDatabase full = TestDatabase.create()
                .execute(
                        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
                                + " $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'No space left'; END $$",
                        "CREATE EVENT TRIGGER full_disk ON ddl_command_start WHEN TAG IN ('CREATE TABLE')"
                                + " EXECUTE FUNCTION refuse()");
        ReleaseJournal first = new ReleaseJournal(full.database(), "blog", new Actor("ann", "build-7", "node-1"));

        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThatThrownBy(() -> first.open("2", "1", Colour.GREEN))
                        .isInstanceOf(DependencyFailed.class)
                        .hasMessageContaining("disk of the database server is full"));
    }

    @Test
    void who_may_not_make_the_journal_is_told_at_once_what_right_is_missing() {
        TestDatabase closed = TestDatabase.create();
        String user = "guest_of_" + closed.query("SELECT current_database()");
        closed.execute("CREATE ROLE " + user + " LOGIN");
        Map<String, String> environment = Map.of("PITSTOP_DB_USER", user, "PITSTOP_DB_PASSWORD", "");
        ReleaseJournal guest = new ReleaseJournal(
                Database.from(closed.database().config(), "blog", environment),
                "blog",
                new Actor("ann", "build-7", "node-1"));

        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThatThrownBy(() -> guest.open("2", "1", Colour.GREEN))
                        .isInstanceOfSatisfying(DependencyFailed.class, failed -> assertThat(failed.hint())
                                .contains("the right to create schema pitstop")));

        closed.execute("CREATE SCHEMA pitstop AUTHORIZATION " + user); // by somebody who may
        assertThat(guest.open("2", "1", Colour.GREEN).id()).isEqualTo("blog-2-1");
    }

    @Test
    void a_second_release_is_refused_while_one_is_unfinished() {
        assertThatThrownBy(() -> journal.open("3", "1", Colour.GREEN))
                .isInstanceOfSatisfying(
                        MoveRefused.class, refused -> assertThat(refused.busy()).contains(release.id()));
    }

    @Test
    void of_many_that_open_at_once_one_succeeds() throws Exception {
        end(release);
        ExecutorService agents = Executors.newFixedThreadPool(4);
        Callable<Object> open = () -> {
            try {
                return journal("bob").open("3", "2", Colour.BLUE);
            } catch (MoveRefused e) {
                return e;
            }
        };
        List<Future<Object>> answers = agents.invokeAll(List.of(open, open, open, open));
        agents.shutdown();

        List<Object> outcomes = new ArrayList<>();
        for (Future<Object> answer : answers) {
            outcomes.add(answer.get());
        }
        assertThat(outcomes).filteredOn(Release.class::isInstance).hasSize(1);
    }

    @Test
    void a_finished_release_makes_room_for_the_next_attempt() {
        end(release);

        assertThat(journal.unfinished()).isEmpty();
        assertThat(journal.open("2", "1", Colour.GREEN).id()).isEqualTo("blog-2-2");
    }

    @Test
    void facts_hold_until_they_are_revoked_and_the_log_remembers_both() {
        try (Lease lease = journal.lease(release, "switch-traffic")) {
            lease.record(Fact.SWITCHED, Map.of("split", "green 100"));
            assertThat(journal.load(release.id()).is(Fact.SWITCHED)).isTrue();
            lease.record(Fact.ROLLED_BACK, Fact.SWITCHED, Map.of());
        }

        assertThat(journal.load(release.id()).facts()).containsOnlyKeys(Fact.ROLLED_BACK);
        assertThat(journal.events(release)).extracting(Event::event).containsExactly("switched", "rolled back");
        assertThat(journal.events(release)).extracting(Event::person).containsOnly("ann");
    }

    @Test
    void what_was_logged_stays() {
        try (Lease lease = journal.lease(release, "backfill")) {
            lease.note("batch", Map.of());
        }

        assertThatThrownBy(() -> server.execute("DELETE FROM pitstop.events")).hasMessageContaining("only appended to");
    }

    @Test
    void what_a_dead_process_intended_is_read_by_the_next() {
        try (Lease lease = journal.lease(release, "contract")) {
            lease.note("drop ordered", Map.of("column", "name"));
        }
        try (Lease next = journal("bob").lease(release, "contract")) {
            assertThat(next.notes("drop ordered")).containsExactly(Map.of("column", "name"));
            assertThat(next.notes("else")).isEmpty();
        }
    }

    @Test
    void two_processes_cannot_work_on_the_same_step() {
        try (Lease first = journal.lease(release, "backfill")) {
            first.ensureHeld();
            assertThatThrownBy(() -> journal("bob").lease(release, "backfill"))
                    .isInstanceOf(MoveRefused.class)
                    .hasMessageContaining("ann");
        }
        journal("bob").lease(release, "backfill").close();
    }

    @Test
    void of_many_that_begin_the_same_step_at_once_one_has_the_lease() throws Exception {
        ExecutorService agents = Executors.newFixedThreadPool(4);
        Callable<Object> take = () -> {
            try {
                return journal("bob").lease(release, "backfill");
            } catch (MoveRefused e) {
                return e;
            }
        };
        List<Object> leases = new ArrayList<>();
        for (Future<Object> answer : agents.invokeAll(List.of(take, take, take, take))) {
            leases.add(answer.get());
        }
        agents.shutdown();

        assertThat(leases).filteredOn(Lease.class::isInstance).singleElement().satisfies(lease -> {
            try (Lease held = (Lease) lease) {
                held.ensureHeld();
            }
        });
    }

    @Test
    void a_database_that_does_not_answer_does_not_hold_up_who_asks_for_ever() throws SQLException {
        try (Lease lease = journal.lease(release, "switch-traffic");
                Connection stuck = server.connect()) {
            stuck.setAutoCommit(false);
            stuck.createStatement().execute("LOCK TABLE pitstop.leases IN ACCESS EXCLUSIVE MODE");

            assertThatThrownBy(lease::ensureHeld).isInstanceOf(DependencyFailed.class);
            assertThat(lease.isFenced()).as("nobody has taken it over").isFalse();
        }
    }

    @Test
    void a_database_that_does_not_answer_does_not_hold_up_who_reads_or_opens_for_ever() throws Exception {
        ExecutorService agents = Executors.newFixedThreadPool(3);
        try (Connection stuck = server.connect()) {
            stuck.setAutoCommit(false);
            stuck.createStatement().execute("LOCK TABLE pitstop.releases, pitstop.leases IN ACCESS EXCLUSIVE MODE");

            Callable<Object> find = journal::unfinished;
            Callable<Object> list = () -> journal.holders(release);
            Callable<Object> open = () -> journal.open("3", "2", Colour.BLUE);
            for (Future<Object> answer : agents.invokeAll(List.of(find, list, open), 30, TimeUnit.SECONDS)) {
                assertThatThrownBy(answer::get).hasCauseInstanceOf(DependencyFailed.class);
            }
        } finally {
            agents.shutdownNow();
        }
    }

    @Test
    void different_steps_of_a_release_may_run_at_once() {
        try (Lease backfill = journal.lease(release, "backfill");
                Lease deploy = journal.lease(release, "deploy-green")) {
            backfill.ensureHeld();
            deploy.ensureHeld();
            assertThat(journal.holders(release))
                    .extracting(LeaseHolder::step)
                    .containsExactly("backfill", "deploy-green");
        }
    }

    @Test
    void a_process_whose_session_ended_is_replaced_at_once_and_cannot_write_any_more() {
        try (Lease dead = journal.lease(release, "backfill")) {
            terminate("pitstop:blog:lease backfill");
            try (Lease next = journal("bob").lease(release, "backfill")) {
                next.record(Fact.BACKFILLED, Map.of());
                assertThatThrownBy(() -> dead.record(Fact.EXPANDED, Map.of())).isInstanceOf(DependencyFailed.class);
            }
        }
        assertThat(journal.load(release.id()).facts()).containsOnlyKeys(Fact.BACKFILLED);
    }

    @Test
    void a_silent_process_is_replaced_even_if_its_session_lives() {
        try (Lease silent = journal.lease(release, "contract")) {
            server.execute("UPDATE pitstop.leases SET heartbeat_at = now() - interval '1 hour', token = token - 1");
            try (Lease next = journal("bob").lease(release, "contract")) {
                next.ensureHeld();
                assertThatThrownBy(silent::ensureHeld).isInstanceOf(DependencyFailed.class);
                assertThat(silent.isFenced()).isTrue();
            }
        }
    }

    @Test
    void a_seized_lease_stops_the_one_who_had_it() {
        try (Lease switching = journal.lease(release, "switch-traffic");
                Lease rollback = journal("bob").seize(release, "switch-traffic")) {
            rollback.ensureHeld();
            assertThatThrownBy(switching::ensureHeld).isInstanceOf(DependencyFailed.class);
        }
    }

    @Test
    void a_transaction_that_is_guarded_keeps_others_from_taking_over_until_it_commits() throws SQLException {
        try (Lease lease = journal.lease(release, "backfill");
                Connection batch = server.connect()) {
            batch.setAutoCommit(false);
            lease.ensureHeld(batch);
            lease.ensureHeld();
            assertThat(server.query("SELECT count(*) FROM (SELECT FROM pitstop.leases FOR UPDATE SKIP LOCKED) free"))
                    .isEqualTo("0");
            batch.commit();
        }
    }

    @Test
    void what_a_dead_process_left_running_in_the_server_is_ended() throws SQLException {
        try (Connection leftover = server.database().connect("backfill")) {
            try (Lease lease = journal.lease(release, "backfill")) {
                lease.ensureHeld();
                assertThat(leftover.isValid(1)).isFalse();
            }
        }
    }

    @Test
    void a_database_without_a_journal_has_no_releases() {
        ReleaseJournal none = new ReleaseJournal(TestDatabase.create().database(), "blog", actor("ann"));

        assertThat(none.unfinished()).isEmpty();
        assertThatThrownBy(() -> none.load("blog-1-1")).isInstanceOf(InvalidConfig.class);
    }

    @Test
    void the_last_decision_about_each_step_holds_and_the_log_has_them_all() {
        try (Lease lease = journal.lease(release, "approve")) {
            lease.record(decision("contract", true, "eve"));
            lease.record(decision("switch-traffic", true, "eve"));
            lease.record(decision("contract", false, "bob"));
        }

        assertThat(journal.approvals(release))
                .extracting(Approval::decision)
                .containsExactly(decision("switch-traffic", true, "eve"), decision("contract", false, "bob"));
        assertThat(journal.approvals(release)).extracting(Approval::build).containsOnly("build-7");
        assertThat(journal.events(release))
                .extracting(event -> event.event() + " by " + event.person())
                .containsExactly("approved by eve", "approved by eve", "approval declined by bob");
    }

    @Test
    void a_transaction_that_a_lost_node_left_open_is_ended_and_not_waited_for() throws Exception {
        Lease lost = journal.lease(release, "contract");
        try (Connection left = server.database().connect("contract")) {
            left.setAutoCommit(false);
            lost.ensureHeld(left);
            server.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    + " WHERE application_name = 'pitstop:blog:lease contract' AND datname = current_database()");

            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> journal.lease(release, "contract")
                    .close());

            assertThatThrownBy(() -> left.createStatement().execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void who_works_in_a_long_transaction_is_named_and_not_waited_for() throws Exception {
        try (Lease working = journal.lease(release, "migrate-expand");
                Connection transaction = server.database().connect("migrate-expand")) {
            transaction.setAutoCommit(false);
            working.ensureHeld(transaction);

            assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThatThrownBy(() -> journal.lease(release, "migrate-expand"))
                            .isInstanceOf(MoveRefused.class)
                            .hasMessageContaining("migrate-expand"));

            transaction.createStatement().execute("SELECT 1");
        }
    }

    @Test
    void a_journal_that_an_older_agent_made_can_be_read_and_is_upgraded_before_it_is_written() {
        server.execute(
                "DROP TABLE pitstop.approvals, pitstop.archives, pitstop.archived_objects",
                "DROP TABLE pitstop.statement_looks, pitstop.statement_calls, pitstop.comparisons",
                "DROP TABLE pitstop.backfill_ranges, pitstop.backfill_failures, pitstop.backfill_orders",
                "ALTER TABLE pitstop.backfills DROP COLUMN problem",
                "DELETE FROM pitstop.schema_history WHERE version > '1'");

        assertThat(journal.unfinished()).contains(release);
        assertThat(journal.approvals(release)).isEmpty();
        assertThat(server.query("SELECT to_regclass('pitstop.approvals')")).isEqualTo("null");

        try (Lease lease = journal.lease(release, "approve")) {
            lease.record(decision("contract", true, "eve"));
        }
        assertThat(journal.approvals(release)).hasSize(1);
    }

    @Test
    void an_agent_that_joins_after_a_newer_one_is_told_so_before_it_touches_anything() {
        server.execute("UPDATE pitstop.schema_history SET version = '99' WHERE version = '4'");

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                journal::unfinished,
                () -> journal.load(release.id()),
                () -> journal.open("3", "2", Colour.BLUE),
                () -> journal.lease(release, "contract"),
                () -> journal.seize(release, "switch-traffic"),
                () -> journal.approvals(release))) {
            assertThatThrownBy(call).isInstanceOfSatisfying(InvalidConfig.class, refusal -> assertThat(
                            refusal.getMessage() + " " + refusal.hint())
                    .contains("has version 99, because a newer Pitstop has worked on it; this one knows version 6.")
                    .contains("Update the agent on this node"));
        }
        assertThat(server.query("SELECT count(*) FROM pitstop.leases")).isEqualTo("0");
    }

    private static Decision decision(String step, boolean approved, String person) {
        return new Decision(step, approved, "ab12", List.of("one: 1", "two: \"2\", {}"), approved ? "" : "no", person);
    }

    private ReleaseJournal journal(String person) {
        return new ReleaseJournal(server.database(), "blog", actor(person));
    }

    private static Actor actor(String person) {
        return new Actor(person, "build-7", "node-1");
    }

    private void end(Release release) {
        try (Lease lease = journal.lease(release, "rollback")) {
            lease.finish(Fact.ROLLED_BACK, "abandoned", Map.of());
        }
    }

    private void terminate(String session) {
        server.terminate(
                "FROM pg_stat_activity WHERE application_name = '" + session + "' AND datname = current_database()");
    }
}
