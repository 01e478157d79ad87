package io.pitstop.step;

import static io.pitstop.config.Approvable.SWITCH_TRAFFIC;
import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.release.Fact.ROLLED_BACK;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.ShiftConfig;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.gate.BakeResult;
import io.pitstop.gate.Stretch;
import io.pitstop.gate.Verdict;
import io.pitstop.release.Fact;
import io.pitstop.release.Lease;
import io.pitstop.step.SwitchTraffic.Watch;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.shift.Baked;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Blue is live with version 1; green carries release 2, which is to get 5, 50 and then 100 % of the traffic. */
class SwitchTrafficTest {
    private static final ShiftConfig CANARY =
            new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(5, 50, 100), Duration.ofSeconds(1));
    private static final Split CANARY_SPLIT = Split.giving(GREEN, 5);

    private final Situation at = new Situation();
    private Approvals approvals = at.approvals(Path.of("none"));

    @Test
    void users_move_step_by_step_when_every_bake_goes_well() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        SwitchTraffic.Result result = switchTraffic(this::healthy);

        assertThat(at.router.orders).containsExactly(CANARY_SPLIT, Split.giving(GREEN, 50), Split.allTo(GREEN));
        assertThat(result.live()).isEqualTo(GREEN);
        assertThat(result.shifts()).extracting(Baked::percent).containsExactly(5, 50, 100);
        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void users_move_back_when_a_bake_fails() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) ->
                        at.router.split().of(GREEN) < 50 ? healthy(url, colour, time, look) : unhealthy()))
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("back to blue");

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(at.facts()).doesNotContain(SWITCHED);
        assertThat(at.events()).contains("gate failed", "split put back");
    }

    @Test
    void users_move_back_when_the_operator_interrupts() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    throw Interrupted.whileDoing("baking");
                }))
                .isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void users_move_back_when_the_answer_to_an_order_is_lost() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.router.losesNextAnswer = true;

        assertThatThrownBy(() -> switchTraffic(this::healthy)).isInstanceOf(OutcomeUnknown.class);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_release_that_was_not_backfilled_is_refused_and_users_stay() {
        at.given(DEPLOYED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic(this::healthy))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("backfill");
        assertThat(at.router.orders).isEmpty();
    }

    @Test
    void an_unhealthy_target_is_refused_and_users_stay() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.router.unhealthy.add(GREEN);

        assertThatThrownBy(() -> switchTraffic(this::healthy)).isInstanceOf(MoveRefused.class);
        assertThat(at.router.orders).isEmpty();
    }

    @Test
    void a_run_that_was_killed_at_a_canary_goes_on_from_there() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.router.shift(CANARY_SPLIT);

        SwitchTraffic.Result result = switchTraffic(this::healthy);

        assertThat(result.shifts())
                .as("the bake that was cut short starts again")
                .extracting(Baked::percent)
                .containsExactly(5, 50, 100);
        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void users_whom_a_killed_run_left_on_an_unhealthy_target_move_back() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.router.shift(CANARY_SPLIT);
        at.router.unhealthy.add(GREEN);

        assertThatThrownBy(() -> switchTraffic(this::healthy)).isInstanceOf(CheckFailed.class);
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_run_that_was_killed_before_it_wrote_the_outcome_bakes_again_and_writes_it() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.router.shift(Split.allTo(GREEN));

        assertThat(switchTraffic(this::healthy).shifts()).hasSize(1);
        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void the_second_run_says_that_nothing_is_left_to_do() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        switchTraffic(this::healthy);

        assertThat(switchTraffic(this::healthy).message()).startsWith("Already switched");
        assertThat(at.router.orders).hasSize(3);
    }

    @Test
    void a_release_that_was_rolled_back_can_be_switched_again() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED, ROLLED_BACK);

        switchTraffic(this::healthy);

        assertThat(at.facts()).contains(SWITCHED).doesNotContain(ROLLED_BACK);
    }

    @Test
    void another_writer_of_the_split_is_noticed() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    at.router.shift(Split.giving(GREEN, 33));
                    look.run();
                    return null;
                }))
                .as("a retry would go on from there")
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("green 33 %");
        assertThat(at.router.split()).as("it is not fought").isEqualTo(Split.giving(GREEN, 33));
    }

    @Test
    void a_rollback_in_the_middle_of_a_bake_wins() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    at.rollback().run(NONE, false);
                    look.run();
                    return null;
                }))
                .as("a retry would undo the rollback")
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("took over");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(at.facts()).contains(ROLLED_BACK).doesNotContain(SWITCHED);
    }

    @Test
    void a_rollback_just_before_an_order_wins() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.router.beforeNextOrder = () -> at.rollback().run(NONE, false);

        assertThatThrownBy(() -> switchTraffic(this::healthy))
                .as("a retry would undo the rollback")
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("took over");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_rollback_at_the_end_of_the_last_bake_wins() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    if (at.router.split().isAllTo(GREEN)) {
                        at.rollback().run(NONE, false);
                    }
                    return new BakeResult(true, List.of(), List.of());
                }))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("took over");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(at.facts()).contains(ROLLED_BACK).doesNotContain(SWITCHED);
    }

    @Test
    void a_gate_that_fails_under_a_rollback_does_not_say_that_users_go_back() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    at.journal.seize(at.release(), "switch-traffic");
                    return unhealthy();
                }))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("took over");
        assertThat(at.router.split()).isEqualTo(CANARY_SPLIT);
    }

    @Test
    void a_gate_that_fails_at_somebody_elses_split_is_an_unknown_outcome_that_tells_what_is_served() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    at.router.shift(Split.giving(GREEN, 33));
                    return unhealthy();
                }))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("not put back on blue")
                .hasMessageContaining("green 33 %")
                .hasMessageContaining("A gate failed");
        assertThat(at.router.split()).as("it is not fought").isEqualTo(Split.giving(GREEN, 33));
    }

    @Test
    void a_dependency_that_fails_at_somebody_elses_split_is_not_tried_again() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    at.router.shift(Split.giving(GREEN, 33));
                    throw new DependencyFailed("CloudWatch does not answer.", "Run the step again.");
                }))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("green 33 %")
                .hasMessageContaining("CloudWatch does not answer");
    }

    @Test
    void users_who_cannot_be_put_back_are_an_unknown_outcome_that_tells_why_they_should_go() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    at.router.isDown = true;
                    return unhealthy();
                }))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("could not be put back on blue")
                .hasMessageContaining("A gate failed");
    }

    @Test
    void a_gate_that_failed_stays_the_reason_if_the_journal_cannot_be_told() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    at.router.beforeNextOrder = this::endSessionsOfTheSwitch;
                    return unhealthy();
                }))
                .isInstanceOf(CheckFailed.class);
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void users_move_back_when_the_target_becomes_unhealthy_on_the_way() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);

        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    at.router.unhealthy.add(GREEN);
                    return healthy(url, colour, time, look);
                }))
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("unhealthy");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_candidate_without_environment_is_refused_before_users_move() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.environments.destroy(GREEN);

        assertThatThrownBy(() -> switchTraffic(this::healthy)).isInstanceOf(MoveRefused.class);
        assertThat(at.router.orders).isEmpty();
    }

    @Test
    void the_same_step_cannot_run_twice_at_once() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        try (Lease other = at.journal.lease(at.release(), "switch-traffic")) {
            other.ensureHeld();
            assertThatThrownBy(() -> switchTraffic(this::healthy)).isInstanceOf(MoveRefused.class);
        }
        assertThat(at.router.orders).isEmpty();
    }

    @Test
    void a_switch_that_must_be_approved_is_refused_until_it_is() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);
        approvals = at.approvals(Path.of("none"), SWITCH_TRAFFIC);

        assertThatThrownBy(() -> switchTraffic(this::healthy))
                .isInstanceOf(MoveRefused.class)
                .hasMessage("Nobody has approved switch-traffic of blog-2-1.");
        assertThat(at.router.orders).isEmpty();

        at.approve(approvals, SWITCH_TRAFFIC, CANARY);
        assertThat(switchTraffic(this::healthy).live()).isEqualTo(GREEN);
    }

    @Test
    void a_switch_by_another_plan_than_the_approved_is_refused_even_if_none_need_be_approved() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.approve(approvals, SWITCH_TRAFFIC, CANARY);
        ShiftConfig atOnce = new ShiftConfig(ShiftConfig.Plan.ALL_AT_ONCE, List.of(100), Duration.ofSeconds(1));

        assertThatThrownBy(() -> switchTraffic(this::healthy, atOnce))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("switch-traffic of blog-2-1 was approved by eve at ")
                .hasMessageContaining("plan was canary, is all-at-once; steps was 5, 50, 100 %, is 100 %.");
        assertThat(at.router.orders).isEmpty();
    }

    @Test
    void a_version_that_was_deployed_again_after_the_approval_is_refused() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.approve(approvals, SWITCH_TRAFFIC, CANARY);
        record(DEPLOYED);

        assertThatThrownBy(() -> switchTraffic(this::healthy)).hasMessageMatching(".*deployed was \\S+, is \\S+\\.");
        assertThat(at.router.orders).isEmpty();
    }

    @Test
    void a_switch_that_was_killed_on_its_way_goes_on_under_its_approval() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED, ROLLED_BACK);
        approvals = at.approvals(Path.of("none"), SWITCH_TRAFFIC);
        at.approve(approvals, SWITCH_TRAFFIC, CANARY);
        at.router.shift(CANARY_SPLIT);

        switchTraffic(this::healthy);
        // By hand, past the journal.
        at.router.shift(Split.allTo(BLUE));
        switchTraffic(this::healthy);

        assertThat(at.facts()).contains(SWITCHED).doesNotContain(ROLLED_BACK);
    }

    @Test
    void after_a_rollback_the_next_switch_must_be_approved_again() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.approve(approvals, SWITCH_TRAFFIC, CANARY);
        switchTraffic(this::healthy);
        at.rollback().run(NONE, false);

        assertThatThrownBy(() -> switchTraffic(this::healthy)).hasMessageContaining("rolled back was never, is 2");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void after_a_failed_gate_the_next_switch_must_be_approved_again() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.approve(approvals, SWITCH_TRAFFIC, CANARY);
        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> unhealthy()))
                .isInstanceOf(CheckFailed.class);

        assertThatThrownBy(() -> switchTraffic(this::healthy))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("gate failed was never, is 2");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));

        at.approve(approvals, SWITCH_TRAFFIC, CANARY);
        assertThat(switchTraffic(this::healthy).live()).isEqualTo(GREEN);
    }

    @Test
    void a_switch_that_was_aborted_goes_on_under_its_approval() {
        at.given(EXPANDED, DEPLOYED, BACKFILLED, SMOKE_TESTED);
        at.approve(approvals, SWITCH_TRAFFIC, CANARY);
        assertThatThrownBy(() -> switchTraffic((url, colour, time, look) -> {
                    throw Interrupted.whileDoing("baking");
                }))
                .isInstanceOf(Interrupted.class);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(switchTraffic(this::healthy).live()).isEqualTo(GREEN);
    }

    private void record(Fact fact) {
        try (Lease lease = at.journal.lease(at.release(), fact.step())) {
            lease.record(fact, Map.of());
        }
    }

    private void endSessionsOfTheSwitch() {
        at.server.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE application_name = 'pitstop:blog:lease switch-traffic'");
    }

    private SwitchTraffic.Result switchTraffic(Watch watch) {
        return switchTraffic(watch, CANARY);
    }

    private SwitchTraffic.Result switchTraffic(Watch watch, ShiftConfig shift) {
        return new SwitchTraffic(
                        at.journal,
                        at.router,
                        at.readiness,
                        at.environments,
                        watch,
                        approvals,
                        at.switchNotes(java.nio.file.Path.of("none")),
                        line -> {})
                .run(NONE, shift, Visit.untilDone());
    }

    private BakeResult healthy(java.net.URI url, io.pitstop.release.Colour colour, Stretch stretch, Runnable look) {
        look.run();
        return new BakeResult(true, List.of(), List.of());
    }

    private static BakeResult unhealthy() {
        return new BakeResult(
                false,
                List.of(new Verdict("http /health", Verdict.Answer.UNHEALTHY, "503", "200", 3, "http://127.0.0.1:1")),
                List.of());
    }
}
