package io.pitstop.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Database;
import io.pitstop.database.Login;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Actor;
import io.pitstop.release.Event;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SetbackLogTest {
    private static final Actor ANN = new Actor("ann", "build-7", "node-1");
    private static final Duration TOOK = Duration.ofMinutes(1);
    private static final DependencyFailed TERRAFORM =
            new DependencyFailed("Terraform failed: no credentials.", "Log in, then run the step again.");
    private static final MoveRefused REFUSED = new MoveRefused("2 sessions still read it.", "End them.");

    private final Situation at = new Situation().given(Fact.EXPANDED);
    private final SetbackLog log = new SetbackLog(at.journal, ANN);

    @Test
    void what_a_step_failed_of_is_in_the_event_log_with_what_to_do_next() {
        log.note("deploy-green", at.release(), TOOK, TERRAFORM);

        Event failed = last();
        assertThat(failed.step()).isEqualTo("deploy-green");
        assertThat(failed.event()).isEqualTo("failed");
        assertThat(failed.person()).isEqualTo("ann");
        assertThat(failed.particulars())
                .isEqualTo(Map.of(
                        "of", "deploy-green",
                        "problem", "Terraform failed: no credentials.",
                        "hint", "Log in, then run the step again.",
                        "exit", 5));
        assertThat(at.journal.holders(at.release())).isEmpty();
    }

    @Test
    void a_run_that_had_begun_and_was_refused_says_why() {
        noteAs("contract", "contracting", at.journal);

        log.note("contract", at.release(), TOOK, REFUSED);

        assertThat(at.events()).endsWith("contracting", "refused");
    }

    @Test
    void a_run_that_was_refused_at_once_leaves_no_trace() {
        noteAs("contract", "contracting", otherJournal());
        List<String> before = at.events();

        log.note("contract", at.release(), Duration.ZERO, REFUSED);

        assertThat(at.events()).isEqualTo(before);
    }

    @Test
    void nothing_is_noted_while_another_process_is_at_the_step() {
        List<String> before = at.events();

        try (Lease lease = otherJournal().lease(at.release(), "deploy-green")) {
            log.note("deploy-green", at.release(), TOOK, TERRAFORM);
            lease.ensureHeld();
        }

        assertThat(at.events()).isEqualTo(before);
    }

    @Test
    void nothing_is_noted_of_a_run_that_another_process_took_over_from() {
        noteAs("deploy-green", "deploying", at.journal);
        noteAs("deploy-green", "deployed", otherJournal());

        log.note("deploy-green", at.release(), TOOK, TERRAFORM);

        assertThat(at.events()).endsWith("deploying", "deployed");
    }

    @Test
    void what_others_did_before_does_not_matter() throws InterruptedException {
        noteAs("deploy-green", "deploying", otherJournal());
        Thread.sleep(5); // the database's clock has to go on

        log.note("deploy-green", at.release(), Duration.ZERO, TERRAFORM);

        assertThat(at.events()).endsWith("deploying", "failed");
    }

    @Test
    void nothing_is_noted_once_the_release_has_ended() {
        try (Lease lease = at.journal.lease(at.release(), "rollback")) {
            lease.finish(Fact.ROLLED_BACK, "abandoned", Map.of());
        }

        log.note("deploy-green", at.release(), TOOK, TERRAFORM);

        assertThat(at.events()).endsWith("rolled back");
        log.note("restore", at.release(), TOOK, TERRAFORM);
        assertThat(at.events()).as("which comes after the end").endsWith("rolled back", "failed");
    }

    @Test
    void a_rollback_is_told_under_the_lease_that_it_works_under() {
        noteAs("switch-traffic", "rolling back", at.journal);

        log.note("rollback", at.release(), TOOK, REFUSED);

        assertThat(last().step()).isEqualTo("switch-traffic");
        assertThat(Setback.read(last()))
                .hasValueSatisfying(setback -> assertThat(setback.step()).isEqualTo("rollback"));
    }

    @Test
    void what_is_no_step_of_a_release_notes_nothing() {
        List<String> before = at.events();

        log.note("approve", at.release(), TOOK, TERRAFORM);

        assertThat(at.events()).isEqualTo(before);
    }

    @Test
    void a_defect_is_told_by_its_kind_alone() {
        log.note("backfill", at.release(), TOOK, new IllegalStateException("row 7 is 'a secret'"));

        assertThat(last().detail()).contains("java.lang.IllegalStateException").doesNotContain("secret");
    }

    @Test
    void an_interrupt_is_told_and_stays() {
        Interrupted interrupted = Interrupted.whileDoing("waiting for the targets");

        log.note("deploy-green", at.release(), TOOK, interrupted);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(at.events()).endsWith("interrupted");
    }

    @Test
    void a_long_story_is_cut() {
        log.note("smoke-test", at.release(), TOOK, new DependencyFailed("x".repeat(3_000), "Look."));

        assertThat(last().particulars().get("problem").toString())
                .hasSize(2_001)
                .endsWith("x…");
    }

    @Test
    void nobody_waits_for_a_database_that_does_not_answer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DatabaseConfig config = new DatabaseConfig(
                    "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/none",
                    Duration.ofMillis(200),
                    Duration.ofSeconds(10),
                    "{application}");
            Database database = new Database(config, "blog", refused -> new Login("postgres", ""));
            SetbackLog mute = new SetbackLog(new ReleaseJournal(database, "blog", ANN), ANN);
            long began = System.nanoTime();

            mute.note("deploy-green", at.release(), TOOK, TERRAFORM);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void what_nobody_has_gone_on_with_stands() {
        log.note("deploy-green", at.release(), TOOK, TERRAFORM);
        log.note("backfill", at.release(), TOOK, TERRAFORM);
        noteAs("deploy-green", "deploying", at.journal);

        assertThat(Setback.standing(at.journal.events(at.release())))
                .extracting(Setback::step)
                .containsExactly("backfill");
    }

    private ReleaseJournal otherJournal() {
        return new ReleaseJournal(at.server.database(), "blog", new Actor("bob", "build-8", "node-2"));
    }

    private void noteAs(String step, String event, ReleaseJournal journal) {
        try (Lease lease = journal.lease(at.release(), step)) {
            lease.note(event, Map.of());
        }
    }

    private Event last() {
        List<Event> events = at.journal.events(at.release());
        return events.get(events.size() - 1);
    }
}
