package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.ROLLED_BACK;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.Approvable;
import io.pitstop.config.ShiftConfig;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.gate.BakeResult;
import io.pitstop.gate.Stretch;
import io.pitstop.gate.Verdict;
import io.pitstop.release.Decision;
import io.pitstop.release.Lease;
import io.pitstop.step.approval.Approvals;
import io.pitstop.step.shift.PendingBake;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Release 2 on green is to get 5 and then 100 % of the traffic, for an hour each; every run stays for a minute. */
class PendingBakeTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Split CANARY = Split.giving(GREEN, 5);
    private static final Visit FIRST = new Visit(Optional.of(MINUTE), false);
    private static final Visit LATER = new Visit(Optional.of(MINUTE), true);

    private final Situation at = new Situation();
    private Approvals approvals = at.approvals(Path.of("none"));
    private final List<Stretch> watched = new ArrayList<>();
    private Function<Stretch, BakeResult> gates = stretch -> passed(Map.of("seen", watched.size()));

    @BeforeEach
    void aReleaseThatIsReady() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
    }

    @Test
    void a_run_leaves_after_its_time_and_says_when_to_come_again() {
        SwitchTraffic.Result left = run(FIRST, HOUR);

        assertThat(left.baking()).isTrue();
        assertThat(left.wakeInSeconds()).isEqualTo(60);
        assertThat(left.message()).startsWith("Holding blue 95 %, green 5 % until ");
        assertThat(left.shifts()).isEmpty();
        assertThat(watched).hasSize(1);
        assertThat(watched.get(0).time()).isBetween(MINUTE.minusSeconds(10), MINUTE);
        assertThat(watched.get(0).last()).isFalse();
        assertThat(at.router.orders).containsExactly(CANARY);
        assertThat(at.facts()).doesNotContain(SWITCHED);
    }

    @Test
    void the_next_run_looks_briefly_with_what_the_gates_remember() {
        run(FIRST, HOUR);

        SwitchTraffic.Result left = run(LATER, HOUR);

        assertThat(left.baking()).isTrue();
        assertThat(watched.get(1)).isEqualTo(new Stretch(Duration.ofSeconds(10), false, List.of(Map.of("seen", 1))));
        assertThat(at.router.orders).containsExactly(CANARY);
    }

    @Test
    void a_bake_is_over_when_its_time_has_passed_although_nobody_was_there() {
        run(FIRST, HOUR);
        waitFor(1);

        SwitchTraffic.Result left = run(LATER, Duration.ofSeconds(1));

        assertThat(watched.get(1))
                .as("the gates are asked once more, over what passed")
                .isEqualTo(new Stretch(Duration.ZERO, true, List.of(Map.of("seen", 1))));
        assertThat(watched.get(2).memories())
                .as("the next split is another bake")
                .isEmpty();
        assertThat(at.router.orders).containsExactly(CANARY, Split.allTo(GREEN));
        assertThat(left.baking()).isFalse();
        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void bakes_that_end_while_the_run_may_stay_are_watched_to_their_ends() {
        assertThat(run(FIRST, Duration.ofSeconds(30)).baking()).isFalse();

        assertThat(watched).extracting(Stretch::last).containsExactly(true, true);
        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void a_bake_that_was_left_goes_on_under_the_approval_that_the_switch_began_with() {
        approvals = at.approvals(Path.of("none"), Approvable.SWITCH_TRAFFIC);
        at.approve(approvals, Approvable.SWITCH_TRAFFIC, shift(Duration.ofSeconds(1)));
        run(FIRST, Duration.ofSeconds(1));
        waitFor(1);

        assertThat(run(LATER, Duration.ofSeconds(1)).baking()).isFalse();
        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void users_go_back_if_the_approval_is_taken_back_while_nobody_watches() {
        at.approve(approvals, Approvable.SWITCH_TRAFFIC, shift(HOUR));
        run(FIRST, HOUR);
        decline();

        assertThatThrownBy(() -> run(LATER, HOUR))
                .isInstanceOf(CheckFailed.class)
                .hasMessageMatching(
                        ".* was declined by bob at \\S+: late\\. It was found out at blue 95 %, green 5 %\\."
                                + " Users go back to blue\\.");

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(at.events()).contains("split put back");
        assertThat(baking()).isEmpty();
        assertThat(watched).hasSize(1);
    }

    @Test
    void users_go_back_if_what_was_approved_is_not_what_the_next_run_would_do() {
        at.approve(approvals, Approvable.SWITCH_TRAFFIC, shift(HOUR));
        run(FIRST, HOUR);

        assertThatThrownBy(() -> run(LATER, MINUTE))
                .isInstanceOf(CheckFailed.class)
                .hasMessageContaining("bake was 1h each, is 1m each");

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_split_that_no_run_left_is_not_touched_without_an_approval() {
        decline();
        at.router.shift(CANARY);

        assertThatThrownBy(() -> run(FIRST, HOUR)).isInstanceOf(MoveRefused.class);

        assertThat(at.router.split()).isEqualTo(CANARY);
    }

    private void decline() {
        try (Lease lease = at.journal.lease(at.release(), "approve")) {
            lease.record(new Decision("switch-traffic", false, "", List.of(), "late", "bob"));
        }
    }

    @Test
    void a_gate_that_fails_over_what_passed_puts_users_back() {
        run(FIRST, HOUR);
        gates = stretch -> failed();

        assertThatThrownBy(() -> run(LATER, HOUR)).isInstanceOf(CheckFailed.class);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(baking()).isEmpty();
    }

    @Test
    void users_whose_new_version_died_while_nobody_was_there_move_back() {
        run(FIRST, HOUR);
        at.router.unhealthy.add(GREEN);

        assertThatThrownBy(() -> run(LATER, HOUR)).isInstanceOf(CheckFailed.class);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void an_interrupted_look_puts_users_back() {
        run(FIRST, HOUR);
        gates = stretch -> {
            throw Interrupted.whileDoing("a split baked");
        };

        assertThatThrownBy(() -> run(LATER, HOUR)).isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_run_that_was_killed_while_it_looked_loses_nothing() {
        run(FIRST, HOUR);
        gates = stretch -> {
            throw new Killed();
        };
        at.router.beforeNextOrder = () -> {
            throw new Killed();
        };
        assertThatThrownBy(() -> run(LATER, HOUR)).isInstanceOf(Killed.class);
        at.router.beforeNextOrder = () -> {};
        gates = stretch -> passed(Map.of());

        run(LATER, HOUR);

        assertThat(watched.get(2).memories()).containsExactly(Map.of("seen", 1));
        assertThat(at.router.orders).containsExactly(CANARY);
    }

    @Test
    void a_rollback_meanwhile_is_not_undone_by_a_run_that_does_not_know() {
        run(FIRST, HOUR);

        Rollback.Result back = at.rollback().run(NONE, false);

        assertThat(back.message()).endsWith("The bake at blue 95 %, green 5 % has ended.");
        assertThatThrownBy(() -> run(LATER, HOUR))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("put back on blue")
                .hasMessageContaining("by ann in build-7");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(baking()).isEmpty();
    }

    @Test
    void a_rollback_ends_the_bake_even_if_users_are_back_already() {
        at.rollback().run(NONE, false);
        run(FIRST, HOUR);
        at.router.shift(Split.allTo(BLUE));

        at.rollback().run(NONE, false);

        assertThat(baking()).isEmpty();
        assertThat(at.facts()).contains(ROLLED_BACK);
    }

    @Test
    void after_a_rollback_a_switch_can_begin_anew() {
        run(FIRST, HOUR);
        at.rollback().run(NONE, false);

        assertThat(run(FIRST, HOUR).baking()).isTrue();
        assertThat(watched.get(1).memories()).isEmpty();
    }

    @Test
    void a_split_that_somebody_else_moved_meanwhile_is_not_fought() {
        run(FIRST, HOUR);
        at.router.shift(Split.giving(GREEN, 33));

        assertThatThrownBy(() -> run(LATER, HOUR))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("green 33 %")
                .hasMessageContaining("green 5 %");
        assertThat(at.router.split()).isEqualTo(Split.giving(GREEN, 33));
    }

    @Test
    void there_is_nothing_to_resume_before_the_first_order() {
        assertThatThrownBy(() -> run(LATER, HOUR))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("none to go on with");
        assertThat(at.router.orders).isEmpty();
    }

    @Test
    void a_run_that_was_killed_before_its_order_is_gone_on_with() {
        run(FIRST, HOUR);
        waitFor(1);
        at.router.beforeNextOrder = () -> {
            at.router.isDown = true; // nor can it put users back
            throw new Killed();
        };
        assertThatThrownBy(() -> run(LATER, Duration.ofSeconds(1))).isNotNull();
        at.router.isDown = false;
        assertThat(at.router.split()).isEqualTo(CANARY);

        run(LATER, Duration.ofSeconds(1));

        assertThat(at.facts()).contains(SWITCHED);
    }

    @Test
    void who_stays_to_the_end_bakes_from_the_begin() {
        run(FIRST, HOUR);

        run(Visit.untilDone(), HOUR);

        assertThat(watched.subList(1, 3)).containsOnly(Stretch.whole(HOUR));
        assertThat(at.facts()).contains(SWITCHED);
        assertThat(baking()).isEmpty();
    }

    @Test
    void a_switch_that_is_done_has_nothing_left_to_resume() {
        run(Visit.untilDone(), HOUR);

        assertThat(run(LATER, HOUR).message()).startsWith("Already switched");
    }

    @Test
    void status_knows_that_a_bake_is_pending() {
        SwitchTraffic.Result left = run(FIRST, HOUR);

        Status.Baking baking = baking().orElseThrow();

        assertThat(baking.split()).isEqualTo(CANARY.toString());
        assertThat(Duration.between(baking.since(), baking.until())).isEqualTo(HOUR);
        assertThat(baking.wakeInSeconds()).isBetween(left.wakeInSeconds() - 5, left.wakeInSeconds());
    }

    @Test
    void the_longer_all_goes_well_the_rarer_it_is_looked_at() {
        assertThat(wakeAfter(Duration.ofMinutes(1))).isEqualTo(MINUTE);
        assertThat(wakeAfter(Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(5));
        assertThat(wakeAfter(Duration.ofMinutes(40))).isEqualTo(Duration.ofMinutes(15));
        assertThat(wakeAfter(Duration.ofMinutes(55))).as("until it is over").isEqualTo(Duration.ofMinutes(5));
    }

    private static Duration wakeAfter(Duration held) {
        Instant since = Instant.EPOCH;
        Instant now = since.plus(held);
        return Duration.between(now, PendingBake.wakeAt(since, since.plus(HOUR), now, MINUTE));
    }

    private Optional<Status.Baking> baking() {
        return new Status(at.journal, at.router, HOUR, List.of())
                .read(NONE)
                .orElseThrow()
                .baking();
    }

    private SwitchTraffic.Result run(Visit visit, Duration bake) {
        SwitchTraffic.Watch watch = (url, colour, stretch, look) -> {
            look.run();
            watched.add(stretch);
            return gates.apply(stretch);
        };
        return new SwitchTraffic(
                        at.journal,
                        at.router,
                        at.readiness,
                        at.environments,
                        watch,
                        approvals,
                        at.switchNotes(java.nio.file.Path.of("none")),
                        line -> {})
                .run(NONE, shift(bake), visit);
    }

    private static ShiftConfig shift(Duration bake) {
        return new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(5, 100), bake);
    }

    /** Of the database's time, by which bakes are dated. */
    private void waitFor(int seconds) {
        at.server.query("SELECT pg_sleep(" + seconds + ")");
    }

    private static BakeResult passed(Map<String, Object> memory) {
        return new BakeResult(true, List.of(), List.of(memory));
    }

    private static BakeResult failed() {
        return new BakeResult(
                false,
                List.of(new Verdict("router", Verdict.Answer.UNHEALTHY, "errors 9%", "errors 1%", 100, "the router")),
                List.of());
    }

    /** The process ends where it is: nothing that it would do afterwards happens. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
