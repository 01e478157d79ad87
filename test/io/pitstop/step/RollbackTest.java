package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.CONTRACTED;
import static io.pitstop.release.Fact.CONTRACT_BEGUN;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.release.Fact.ROLLED_BACK;
import static io.pitstop.release.Fact.SWITCHED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.HealthPolicy;
import io.pitstop.database.TestDatabase;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Actor;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.traffic.Readiness;
import io.pitstop.traffic.Split;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Blue is live with version 1, or was until the switch. */
class RollbackTest {
    private final Situation at = new Situation();

    @Test
    void users_go_back_after_a_switch() {
        at.given(SWITCHED);
        at.router.shift(Split.allTo(GREEN));

        assertThat(rollback(false).live()).isEqualTo(BLUE);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(at.facts()).contains(ROLLED_BACK).doesNotContain(SWITCHED);
    }

    @Test
    void users_go_back_from_the_middle_of_a_canary() {
        at.given(EXPANDED);
        at.router.shift(Split.giving(GREEN, 25));

        rollback(false);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_switch_that_was_frozen_before_its_order_does_not_take_users_away_again() {
        at.given(EXPANDED);
        at.router.shift(Split.giving(GREEN, 25));
        at.router.lateOrder = Optional.of(Split.giving(GREEN, 50));

        rollback(false);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void the_second_run_says_that_nothing_is_left_to_do() {
        at.given(EXPANDED);
        rollback(false);

        assertThat(rollback(false).message()).startsWith("Already rolled back");
        assertThat(at.events()).filteredOn("rolled back"::equals).hasSize(1);
    }

    @Test
    void a_switch_that_has_just_begun_again_is_stopped() {
        at.given(EXPANDED);
        rollback(false);
        try (Lease switching = at.journal.lease(at.release(), "switch-traffic")) {
            rollback(false);

            assertThatThrownBy(switching::ensureHeld).isInstanceOf(DependencyFailed.class);
        }
    }

    @Test
    void an_abandoned_release_makes_room_for_the_next() {
        at.given(EXPANDED);

        assertThat(rollback(true).abandoned()).isTrue();
        assertThat(rollback(true).message()).contains("nothing left to do");

        assertThat(at.journal.unfinished()).isEmpty();
        assertThat(at.journal.open("2", "1", GREEN).id()).isEqualTo("blog-2-2");
    }

    @Test
    void there_is_no_way_back_once_contract_has_begun() {
        at.given(SWITCHED, CONTRACT_BEGUN);
        at.router.shift(Split.allTo(GREEN));

        assertThatThrownBy(() -> rollback(false))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("has begun");
        assertThat(at.router.split()).isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void there_is_no_way_back_after_contract() {
        at.given(SWITCHED, CONTRACT_BEGUN, CONTRACTED);

        assertThatThrownBy(() -> rollback(false))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("no schema");
    }

    @Test
    void a_contract_at_work_is_not_disturbed() {
        at.given(SWITCHED);
        at.router.shift(Split.allTo(GREEN));
        try (Lease contract = at.journal.lease(at.release(), "contract")) {
            assertThatThrownBy(() -> rollback(false)).isInstanceOf(MoveRefused.class);
            contract.ensureHeld();
        }
        assertThat(at.router.split()).isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void users_are_not_sent_to_an_old_colour_that_is_dead() {
        at.given(SWITCHED);
        at.router.shift(Split.allTo(GREEN));
        at.router.unhealthy.add(BLUE);

        assertThatThrownBy(() -> rollback(false))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("unhealthy");
        assertThat(at.router.split()).isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void users_whom_a_cookie_keeps_on_the_broken_colour_are_named() {
        at.given(SWITCHED);
        at.router.shift(Split.allTo(GREEN));
        at.router.cookies = Optional.of("users with a cookie");

        assertThat(rollback(false).message()).contains("blue is live").contains("users with a cookie stay on green");
        assertThat(rollback(false).message()).contains("Already").contains("users with a cookie stay on green");
        assertThat(Rollback.withoutJournal(at.router, at.readiness, BLUE).message())
                .contains("users with a cookie stay on green");
    }

    @Test
    void users_go_back_to_fewer_targets_than_a_switch_would_demand_with_a_warning() {
        at.given(SWITCHED);
        at.router.shift(Split.allTo(GREEN));
        Readiness strict = new Readiness(at.router, new HealthPolicy(4, 1, 1), Duration.ofMillis(20));

        Rollback.Result result = new Rollback(
                        at.journal, at.router, strict, at.wayBack(strict), lease -> Optional.empty())
                .run(NONE, false);

        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(result.message()).contains("Warning: ").contains("1 of 1 targets healthy, 4 are needed");
    }

    @Test
    void traffic_can_be_moved_while_the_database_is_down() {
        at.router.shift(Split.allTo(GREEN));

        assertThat(Rollback.withoutJournal(at.router, at.readiness, BLUE).message())
                .contains("journal does not know");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_rollback_without_a_database_names_the_order_that_needs_none() {
        at.router.shift(Split.allTo(GREEN));

        assertThatThrownBy(this::rollbackWithoutDatabase)
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("blue 0 %, green 100 %")
                .extracting(e -> ((DependencyFailed) e).hint())
                .asString()
                .startsWith("Run pitstop rollback --without-journal --to blue if green")
                .doesNotContain("--to green");
        assertThat(at.router.split()).as("nobody is moved on a guess").isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void within_a_canary_the_order_names_the_colour_that_has_most_users() {
        at.router.shift(Split.giving(BLUE, 5));

        assertThatThrownBy(this::rollbackWithoutDatabase)
                .extracting(e -> ((DependencyFailed) e).hint())
                .asString()
                .startsWith("Run pitstop rollback --without-journal --to green, or --to blue if");
    }

    @Test
    void a_rollback_without_a_database_and_without_an_answer_of_the_router_still_names_the_order() {
        at.router.isDown = true;

        assertThatThrownBy(this::rollbackWithoutDatabase)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("The router does not answer")
                .extracting(e -> ((DependencyFailed) e).hint())
                .asString()
                .startsWith("Run pitstop rollback --without-journal --to ");
    }

    @Test
    void a_database_that_fails_within_the_rollback_is_not_needed_to_end_it() {
        at.given(SWITCHED);
        at.router.shift(Split.giving(GREEN, 25));
        at.router.beforeNextOrder = () -> at.server.execute("DROP SCHEMA pitstop CASCADE");

        assertThatThrownBy(() -> rollback(false))
                .isInstanceOf(DependencyFailed.class)
                .extracting(e -> ((DependencyFailed) e).hint())
                .asString()
                .startsWith("Run pitstop rollback --without-journal --to blue to move users now");
    }

    @Test
    void a_release_does_not_end_while_something_of_a_stopped_contract_is_left() {
        at.given(SWITCHED);
        at.router.shift(Split.allTo(GREEN));
        AtomicReference<Optional<String>> left = new AtomicReference<>(Optional.of("Triggers are left."));
        Rollback rollback = new Rollback(at.journal, at.router, at.readiness, at.wayBack(), lease -> left.get());

        assertThatThrownBy(() -> rollback.run(NONE, true))
                .isInstanceOf(DependencyFailed.class)
                .hasMessage("blue is live, but the release has not ended: Triggers are left.");
        assertThat(at.router.split()).isEqualTo(Split.allTo(BLUE));
        assertThat(at.release().finishedAt()).isEmpty();
        assertThat(rollback.run(NONE, false).message()).as("without ending it").doesNotContain("has not ended");
        left.set(Optional.empty());

        assertThat(rollback.run(NONE, true).message()).contains("the release has ended");
    }

    private void rollbackWithoutDatabase() {
        ReleaseJournal silent =
                new ReleaseJournal(TestDatabase.unreachable(), "blog", new Actor("ann", "build-7", "node-1"));
        new Rollback(silent, at.router, at.readiness, at.wayBack(), lease -> Optional.empty()).run(NONE, false);
    }

    private Rollback.Result rollback(boolean abandon) {
        return at.rollback().run(NONE, abandon);
    }
}
