package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.release.Fact.EXPANDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.config.TrafficStateConfig;
import io.pitstop.database.Database;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.release.Actor;
import io.pitstop.release.Lease;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.step.shift.PendingBake;
import io.pitstop.step.shift.Trail;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that needs no provider stands for the load balancer's; the router is in memory. */
class ApplyTrafficTest {
    @TempDir
    Path folder;

    private final Situation at = new Situation();
    private final List<String> progress = new ArrayList<>();
    private Runnable whilePlanning = () -> {};
    private Runnable whileApplying = () -> {};
    private ReleaseJournal journal = at.journal;

    @BeforeEach
    void write_the_module() throws IOException {
        module("443", "");
    }

    @Test
    void a_router_that_is_not_there_yet_begins_with_blue() {
        at.router.isDown = true;
        whileApplying = () -> at.router.isDown = false;

        assertThat(run(false).message()).isEqualTo("Applied; the split is blue 100 %, green 0 %.");

        assertThat(progress)
                .anyMatch(line -> line.startsWith("there is no router yet: it begins with blue"))
                .contains("plan: + create terraform_data.listener");
        assertThat(state()).contains("live blue of blog");
    }

    @Test
    void what_is_made_anew_begins_with_the_colour_that_is_live_now() throws IOException {
        run(false);
        at.router.shift(Split.allTo(GREEN));
        module("444", "");

        assertThatThrownBy(() -> run(false))
                .isInstanceOfSatisfying(MoveRefused.class, refusal -> assertThat(refusal.hint())
                        .contains("--accept 'terraform_data.listener'"));
        assertThat(state()).contains("live blue");

        run(false, "terraform_data.listener");
        assertThat(state()).contains("live green");
        assertThat(at.router.split()).isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void applying_again_after_a_switch_changes_nothing() {
        run(false);
        at.router.shift(Split.allTo(GREEN));

        assertThat(run(false).message()).isEqualTo("Nothing to change; the split is blue 0 %, green 100 %.");
    }

    @Test
    void a_split_that_bakes_between_two_runs_of_the_switch_is_left_alone() {
        Instant now = Instant.now();
        PendingBake bake = new PendingBake(Split.giving(GREEN, 25), now, now.plusSeconds(3600), now, List.of());
        at.given();
        at.router.shift(bake.split());
        try (Lease lease = at.journal.lease(at.release(), SwitchTraffic.STEP)) {
            lease.note(Trail.BAKE_LEFT, bake.noted(GREEN, List.of()));
        }

        assertThatThrownBy(() -> run(false))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("a split bakes, and the next run of switch-traffic goes on with it");
        assertThat(folder.resolve("traffic.tfstate")).doesNotExist();
        at.journal.lease(at.release(), SwitchTraffic.STEP).close(); // which is free again
    }

    @Test
    void a_plan_is_only_shown_if_that_is_all_that_was_asked_for() {
        ApplyTraffic.Result shown = run(true);

        assertThat(shown.message()).startsWith("This plan would be applied");
        assertThat(shown.changes()).contains("+ create terraform_data.listener");
        assertThat(folder.resolve("traffic.tfstate")).doesNotExist();
    }

    @Test
    void a_split_that_is_another_one_afterwards_is_an_unknown_outcome() {
        whileApplying = () -> at.router.shift(Split.allTo(GREEN));

        assertThatThrownBy(() -> run(false))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("was to stay blue 100 %, green 0 %, but is blue 0 %, green 100 %");
    }

    @Test
    void a_failed_apply_after_which_users_are_elsewhere_is_an_unknown_outcome_and_otherwise_a_failure()
            throws IOException {
        module("443", "provisioner \"local-exec\" {\n    command = \"exit 3\"\n  }");

        assertThatThrownBy(() -> run(false))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("exit status 3");

        whileApplying = () -> at.router.shift(Split.allTo(GREEN));
        assertThatThrownBy(() -> run(false, "terraform_data.listener"))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("exit status 3");
    }

    @Test
    void a_router_that_does_not_answer_although_it_was_made_is_no_new_one() {
        run(false);
        at.router.isDown = true;

        assertThatThrownBy(() -> run(false))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("does not answer");
    }

    @Test
    void a_router_that_stops_answering_is_an_unknown_outcome_unless_it_was_just_made() {
        whileApplying = () -> at.router.isDown = true;
        assertThatThrownBy(() -> run(false))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("cannot be read after Terraform ran");
    }

    @Test
    void a_new_router_that_is_not_found_as_it_is_configured_is_a_failure() {
        at.router.isDown = true;

        assertThatThrownBy(() -> run(false)).isInstanceOf(DependencyFailed.class);
        assertThat(state()).contains("live blue");
    }

    @Test
    void nothing_is_applied_while_a_step_moves_users() {
        at.given(EXPANDED);
        try (Lease switching = at.journal.lease(at.release(), SwitchTraffic.STEP)) {
            assertThatThrownBy(() -> run(false)).isInstanceOf(MoveRefused.class);
            switching.ensureHeld();
        }
        assertThat(folder.resolve("traffic.tfstate")).doesNotExist();
        assertThat(run(false).message()).startsWith("Applied");
    }

    @Test
    void a_release_that_begins_while_the_plan_is_made_is_respected() {
        List<Lease> switching = new ArrayList<>();
        whilePlanning = () -> {
            at.given(EXPANDED);
            switching.add(at.journal.lease(at.release(), SwitchTraffic.STEP));
        };

        assertThatThrownBy(() -> run(false)).isInstanceOf(MoveRefused.class);

        switching.forEach(Lease::close);
        assertThat(folder.resolve("traffic.tfstate")).doesNotExist();
    }

    @Test
    void users_who_were_moved_while_the_plan_was_made_get_another_plan() {
        whilePlanning = () -> at.router.shift(Split.allTo(GREEN));

        assertThatThrownBy(() -> run(false))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining(
                        "was blue 100 %, green 0 % when the plan was made, and is blue 0 %, green 100 % now");

        assertThat(folder.resolve("traffic.tfstate")).doesNotExist();
    }

    @Test
    void the_router_can_be_mended_while_the_database_is_down() {
        DatabaseConfig nowhere = new DatabaseConfig(
                "jdbc:postgresql://127.0.0.1:1/blog", Duration.ofMillis(200), Duration.ofSeconds(10), "blog");
        journal = new ReleaseJournal(
                Database.from(nowhere, "blog", at.server.environment()), "blog", new Actor("ann", "", "node-1"));

        assertThat(run(false).message()).startsWith("Applied");

        assertThat(progress).anyMatch(line -> line.startsWith("the journal does not answer, so nobody is kept"));
    }

    @Test
    void a_module_that_says_itself_who_is_live_is_named() throws IOException {
        at.router.shift(Split.allTo(GREEN));
        Files.writeString(folder.resolve("module/terraform.tfvars"), "initial_live = \"" + BLUE + "\"\n");

        assertThatThrownBy(() -> run(false))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("takes blue for its variable initial_live, not the green that is live");
    }

    private ApplyTraffic.Result run(boolean only, String... accepted) {
        TrafficState state = new TrafficState(
                "blog",
                new TrafficStateConfig(folder.resolve("module"), Map.of("path", "traffic.tfstate")),
                folder,
                Duration.ofMinutes(1),
                System.getenv(),
                this::progress);
        return new ApplyTraffic(journal, at.router, state, progress::add).run(only, Set.of(accepted));
    }

    private void progress(String line) {
        progress.add(line);
        if (line.startsWith("plan: + create terraform_data.listener")) {
            whilePlanning.run();
        }
        if (line.contains("terraform_data.listener: Creating")) {
            whileApplying.run();
        }
    }

    private String state() {
        try {
            return Files.readString(folder.resolve("traffic.tfstate"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A listener that is made anew for another port, and keeps what it began with otherwise. */
    private void module(String port, String more) throws IOException {
        Files.createDirectories(folder.resolve("module"));
        Files.writeString(
                folder.resolve("module/main.tf"),
                """
                terraform {
                  backend "local" {}
                }
                variable "application" {
                  type = string
                }
                variable "initial_live" {
                  type = string
                }
                resource "terraform_data" "listener" {
                  input            = "live ${var.initial_live} of ${var.application}"
                  triggers_replace = %s
                  %s
                  lifecycle {
                    ignore_changes = [input]
                  }
                }
                output "listener" {
                  value = terraform_data.listener.id
                }
                """
                        .formatted(port, more));
    }
}
