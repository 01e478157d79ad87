package io.pitstop.step;

import static io.pitstop.config.Approvable.SWITCH_TRAFFIC;
import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.BACKFILLED;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.ShiftConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.gate.BakeResult;
import io.pitstop.release.Actor;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.approval.Approvals;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A build whose switch failed outside after its first shift, and which was told to try again. */
class RepetitionTest {
    private static final ShiftConfig CANARY =
            new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(5, 100), Duration.ofHours(1));
    private static final SwitchTraffic.Watch HEALTHY =
            (url, colour, stretch, look) -> new BakeResult(true, List.of(), List.of());
    private static final SwitchTraffic.Watch FAILING = (url, colour, stretch, look) -> {
        throw new DependencyFailed("The network is away.", "Run the step again.");
    };

    private final Situation at = new Situation();
    private final Approvals approvals = at.approvals(Path.of("none"));

    @BeforeEach
    void a_first_attempt_fails_outside() {
        at.given(DEPLOYED, BACKFILLED, SMOKE_TESTED);
        assertThatThrownBy(() -> switchTraffic("build-7", FAILING)).isInstanceOf(DependencyFailed.class);
    }

    @Test
    void the_next_attempt_moves_users_whom_the_first_put_back() {
        assertThat(switchTraffic("build-7", HEALTHY).live()).isEqualTo(GREEN);
    }

    @Test
    void a_rollback_by_somebody_else_is_not_undone() {
        rollBack("bob", "build-8");

        assertThatThrownBy(() -> switchTraffic("build-7", HEALTHY))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("bob in build-8 put users back at ");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_rollback_of_which_the_journal_knows_nothing_is_not_undone() {
        leaveABakeIn("build-7");
        Rollback.withoutJournal(at.router, at.readiness, BLUE);

        assertThatThrownBy(() -> switchTraffic("build-7", HEALTHY))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("last order of this build was blue 95 %, green 5 %");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void another_build_is_begun_by_somebody_who_may_know_of_the_rollback() {
        rollBack("bob", "build-8");

        assertThat(switchTraffic("build-9", HEALTHY).live()).isEqualTo(GREEN);
    }

    @Test
    void a_run_outside_of_a_build_is_begun_by_a_person() {
        rollBack("bob", "");

        assertThat(switchTraffic("", HEALTHY).live()).isEqualTo(GREEN);
    }

    @Test
    void a_build_may_switch_again_after_its_own_rollback() {
        rollBack("ann", "build-7");

        assertThat(switchTraffic("build-7", HEALTHY).live()).isEqualTo(GREEN);
    }

    @Test
    void a_person_who_approves_after_the_rollback_lets_the_build_move_users() {
        rollBack("bob", "build-8");
        at.approve(approvals, SWITCH_TRAFFIC, CANARY);

        assertThat(switchTraffic("build-7", HEALTHY).live()).isEqualTo(GREEN);
    }

    private void leaveABakeIn(String build) {
        SwitchTraffic.Result left =
                switching(build, HEALTHY).run(NONE, CANARY, new Visit(Optional.of(Duration.ofMinutes(1)), false));
        assertThat(left.baking()).isTrue();
    }

    private SwitchTraffic.Result switchTraffic(String build, SwitchTraffic.Watch watch) {
        return switching(build, watch).run(NONE, CANARY, Visit.untilDone());
    }

    private SwitchTraffic switching(String build, SwitchTraffic.Watch watch) {
        return new SwitchTraffic(
                journal("ann", build),
                at.router,
                at.readiness,
                at.environments,
                watch,
                approvals,
                at.switchNotes(Path.of("none")),
                line -> {});
    }

    private void rollBack(String person, String build) {
        new Rollback(journal(person, build), at.router, at.readiness, at.wayBack(), lease -> Optional.empty())
                .run(NONE, false);
    }

    private ReleaseJournal journal(String person, String build) {
        return new ReleaseJournal(at.server.database(), "blog", new Actor(person, build, "node-1"));
    }
}
