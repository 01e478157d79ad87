package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.DEPLOYED;
import static io.pitstop.release.Fact.EXPANDED;
import static io.pitstop.release.Fact.SMOKE_TESTED;
import static io.pitstop.step.Situation.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.Approvable;
import io.pitstop.config.ShiftConfig;
import io.pitstop.environment.Deployment;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.Lease;
import io.pitstop.step.approval.Approvals;
import io.pitstop.traffic.Split;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Blue is live with version 1; release 2 goes to green. */
class DeployGreenTest {
    private static final ShiftConfig NO_SHIFT =
            new ShiftConfig(ShiftConfig.Plan.ALL_AT_ONCE, List.of(100), Duration.ZERO);

    private final Situation at = new Situation();
    private final List<Approvable> demanded = new ArrayList<>();

    @Test
    void the_version_runs_on_the_idle_colour_and_no_user_is_moved() {
        at.given(EXPANDED);

        assertThat(deploy(NONE).version()).isEqualTo("2");

        assertThat(at.environments.actions).containsExactly("apply green 2");
        assertThat(at.router.orders).isEmpty();
        assertThat(at.facts()).contains(DEPLOYED);
    }

    @Test
    void the_environment_learns_of_the_release_and_of_who_is_live() {
        at.given(EXPANDED);

        deploy(NONE);

        assertThat(at.environments.deployments).containsExactly(new Deployment(GREEN, "2", "blog-2-1", BLUE));
    }

    @Test
    void the_second_run_says_that_nothing_is_left_to_do() {
        at.given(EXPANDED);
        deploy(NONE);

        assertThat(deploy(NONE).message()).startsWith("Already deployed");
        assertThat(at.environments.actions).hasSize(1);
    }

    @Test
    void a_colour_that_died_after_it_was_deployed_is_deployed_again() {
        at.given(EXPANDED);
        deploy(NONE);
        at.environments.destroy(GREEN);

        deploy(NONE);

        assertThat(at.environments.actions).containsExactly("apply green 2", "destroy green", "apply green 2");
    }

    @Test
    void what_is_deployed_again_must_be_tested_again() {
        at.given(EXPANDED, SMOKE_TESTED);

        deploy(NONE);

        assertThat(at.facts()).doesNotContain(SMOKE_TESTED);
    }

    @Test
    void a_smoke_test_that_ran_beside_the_deployment_does_not_count() {
        at.given(EXPANDED);
        at.environments.whileApplying = this::recordSmokeTested;

        deploy(NONE);

        assertThat(at.facts()).contains(DEPLOYED).doesNotContain(SMOKE_TESTED);
    }

    @Test
    void a_smoke_test_beside_a_deployment_that_fails_does_not_count_either() {
        at.given(EXPANDED);
        at.environments.whileApplying = this::recordSmokeTested;
        at.router.unhealthy.add(GREEN);

        assertThatThrownBy(() -> deploy(NONE)).isInstanceOf(CheckFailed.class);
        assertThat(at.facts()).doesNotContain(SMOKE_TESTED);
    }

    @Test
    void a_candidate_that_a_switch_is_about_to_use_is_not_replaced() {
        at.given(EXPANDED);
        try (Lease switching = at.journal.lease(at.release(), "switch-traffic")) {
            assertThatThrownBy(() -> deploy(NONE)).isInstanceOf(MoveRefused.class);
            switching.ensureHeld();
        }
        assertThat(at.environments.actions).isEmpty();
    }

    @Test
    void a_release_that_was_not_expanded_is_refused() {
        at.given();

        assertThatThrownBy(() -> deploy(NONE)).isInstanceOf(MoveRefused.class).hasMessageContaining("expanded");
        assertThat(at.environments.actions).isEmpty();
    }

    @Test
    void another_version_than_the_releases_is_refused() {
        at.given(EXPANDED);

        assertThatThrownBy(() -> deploy(Optional.of("3"))).isInstanceOf(MoveRefused.class);
        assertThat(at.environments.actions).isEmpty();
    }

    @Test
    void a_colour_that_serves_users_is_not_replaced() {
        at.given(EXPANDED);
        at.router.shift(Split.giving(GREEN, 5));

        assertThatThrownBy(() -> deploy(NONE)).isInstanceOf(MoveRefused.class).hasMessageContaining("5 %");
        assertThat(at.environments.actions).isEmpty();
    }

    @Test
    void it_waits_for_the_router_to_find_the_colour_healthy_and_gives_up_in_time() {
        at.given(EXPANDED);
        at.router.unhealthy.add(GREEN);

        assertThatThrownBy(() -> deploy(NONE)).isInstanceOf(CheckFailed.class).hasMessageContaining("503");
        assertThat(at.facts()).doesNotContain(DEPLOYED);
    }

    @Test
    void without_a_release_it_says_how_to_open_one() {
        assertThatThrownBy(() -> deploy(NONE))
                .isInstanceOfSatisfying(
                        MoveRefused.class, refusal -> assertThat(refusal.hint()).contains("migrate-expand --version"));
    }

    @Test
    void a_deployment_that_nobody_approved_is_refused_where_that_is_demanded() {
        at.given(EXPANDED);
        demanded.add(Approvable.DEPLOY_GREEN);

        assertThatThrownBy(() -> deploy(NONE)).isInstanceOfSatisfying(MoveRefused.class, refusal -> {
            assertThat(refusal).hasMessage("Nobody has approved deploy-green of blog-2-1.");
            assertThat(refusal.hint()).contains("pitstop approve --step deploy-green");
        });
        assertThat(at.environments.actions).isEmpty();
        assertThat(at.events()).doesNotContain("deploying");
    }

    @Test
    void the_plan_that_was_approved_is_applied() {
        at.given(EXPANDED);
        demanded.add(Approvable.DEPLOY_GREEN);
        at.environments.changes.put("~ update aws_ecs_service.app", "task_definition 1 -> 2, sha256 00aa");
        approve();

        deploy(NONE);

        assertThat(at.environments.actions).containsExactly("apply green 2");
    }

    @Test
    void a_plan_that_is_another_one_now_is_refused_with_what_differs() {
        at.given(EXPANDED);
        at.environments.changes.put("~ update aws_ecs_service.app", "task_definition 1 -> 2, sha256 00aa");
        approve();
        at.environments.changes.put("~ update aws_ecs_service.app", "task_definition 1 -> 3, sha256 00bb");
        at.environments.changes.put("- delete aws_instance.bastion", "sha256 00cc");

        assertThatThrownBy(() -> deploy(NONE))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("~ update aws_ecs_service.app was task_definition 1 -> 2, sha256 00aa, is"
                        + " task_definition 1 -> 3, sha256 00bb")
                .hasMessageContaining("not approved: - delete aws_instance.bastion: sha256 00cc");
        assertThat(at.environments.actions).isEmpty();
    }

    @Test
    void the_rest_of_a_deployment_that_was_cut_short_is_covered_by_its_approval() {
        at.given(EXPANDED);
        demanded.add(Approvable.DEPLOY_GREEN);
        at.environments.changes.put("+ create aws_ecs_task_definition.app", "sha256 00aa");
        at.environments.changes.put("~ update aws_ecs_service.app", "sha256 00bb");
        approve();
        at.environments.changes.remove("+ create aws_ecs_task_definition.app");

        deploy(NONE);

        assertThat(at.environments.actions).containsExactly("apply green 2");
    }

    private void approve() {
        at.approve(at.approvals(Path.of("none")), Approvable.DEPLOY_GREEN, NO_SHIFT);
    }

    private void recordSmokeTested() {
        try (Lease testing = at.journal.lease(at.release(), "smoke-test")) {
            testing.record(SMOKE_TESTED, Map.of());
        }
    }

    private DeployGreen.Result deploy(Optional<String> version) {
        Approvals approvals = at.approvals(Path.of("none"), demanded.toArray(new Approvable[0]));
        return new DeployGreen(at.journal, at.router, at.deploying(), approvals, at.healthWait()).run(NONE, version);
    }
}
