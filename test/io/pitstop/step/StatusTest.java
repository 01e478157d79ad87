package io.pitstop.step;

import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.Approvable;
import io.pitstop.config.ShiftConfig;
import io.pitstop.release.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What may run next follows from the facts. */
class StatusTest {
    private static final ShiftConfig CANARY = new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(5, 100), Duration.ZERO);

    private Set<Approvable> demanded = Set.of();
    private final Situation at = new Situation();

    @Test
    void before_the_first_release_there_is_nothing_to_show() {
        assertThat(status().read(NONE)).isEmpty();
    }

    @Test
    void after_expand_deploy_and_backfill_may_run_at_once() {
        at.given(EXPANDED);

        assertThat(next()).containsExactly("deploy-green", "backfill");
    }

    @Test
    void a_release_that_is_ready_may_be_switched() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThat(next()).containsExactly("switch-traffic", "rollback");
    }

    @Test
    void after_the_switch_contract_waits_for_its_time() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED, SWITCHED);

        assertThat(next().get(0)).startsWith("contract (from ");
        assertThat(report().contractDueInSeconds().orElseThrow()).isBetween(3_500L, 3_600L);
        assertThat(report().contractDue()).isPresent();
    }

    @Test
    void a_contract_whose_time_has_come_is_due_in_0_seconds() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED, SWITCHED);

        assertThat(new Status(at.journal, at.router, Duration.ZERO, List.of())
                        .read(NONE)
                        .orElseThrow()
                        .contractDueInSeconds())
                .contains(0L);
    }

    @Test
    void no_contract_is_due_before_the_switch() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThat(report().contractDue()).isEmpty();
        assertThat(report().contractDueInSeconds()).isEmpty();
    }

    @Test
    void one_sentence_says_how_far_it_is() {
        at.given(EXPANDED, BACKFILLED);

        assertThat(report().message())
                .isEqualTo("Version " + at.release().version() + " is under way: expanded, backfilled.");
    }

    @Test
    void who_is_at_work_and_who_serves_users_is_shown() {
        at.given(EXPANDED);
        try (Lease lease = at.journal.lease(at.release(), "backfill")) {
            lease.ensureHeld();
            Status.Report report = status().read(NONE).orElseThrow();

            assertThat(report.running().get(0).toString()).contains("ann", "node-1", "build-7");
            assertThat(report.traffic().get(0)).isEqualTo("blue 100 %, green 0 %");
        }
    }

    @Test
    void what_must_be_approved_comes_before_the_step_until_it_is() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);
        demanded = Set.of(Approvable.SWITCH_TRAFFIC, Approvable.CONTRACT);
        assertThat(next()).containsExactly("approve --step switch-traffic", "switch-traffic", "rollback");

        at.approve(at.approvals(Path.of("none")), Approvable.SWITCH_TRAFFIC, CANARY);
        assertThat(next()).containsExactly("switch-traffic", "rollback");
    }

    @Test
    void what_people_decided_is_shown() {
        at.given(EXPANDED, SWITCHED, BACKFILLED);
        at.approve(at.approvals(Path.of("none")), Approvable.CONTRACT, CANARY);

        Status.Decided decided = status().read(NONE).orElseThrow().approvals().get(0);

        assertThat(decided.step()).isEqualTo("contract");
        assertThat(decided.approved()).isTrue();
        assertThat(decided.words()).startsWith("approved by eve at 2");
    }

    @Test
    void a_router_that_does_not_answer_does_not_hide_the_release() {
        at.given(EXPANDED);
        at.router.isDown = true;

        assertThat(status().read(NONE).orElseThrow().traffic().get(0)).contains("does not answer");
    }

    @Test
    void users_whom_a_cookie_keeps_on_the_idle_colour_are_shown() {
        at.given(EXPANDED);
        at.router.cookies = Optional.of("users with a cookie");

        assertThat(report().traffic()).last().isEqualTo("users with a cookie stay on green");
    }

    private List<String> next() {
        return report().next();
    }

    private Status.Report report() {
        return status().read(NONE).orElseThrow();
    }

    private Status status() {
        return new Status(at.journal, at.router, Duration.ofHours(1), demanded);
    }
}
