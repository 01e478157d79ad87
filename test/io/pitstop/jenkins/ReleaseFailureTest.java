package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pitstopPipeline does for users when something goes wrong, while Jenkins restarts at every step from then on. */
class ReleaseFailureTest {
    private static final String ROLLBACK = "rollback --release blog-2.4.0-1";
    private static final String OLD = "Nothing to do for users: this build ";
    private static final String NEW = "Users stay on the new version (onFailure: freeze). ";
    private static final String UNKNOWN = "Nothing more is done: it is not certain who serves users.";

    @TempDir
    Path folder;

    static Stream<Arguments> everyFailureBeforeTheSwitch() {
        List<Arguments> failures = new ArrayList<>();
        for (String command : List.of("check", "migrate-expand", "backfill", "deploy-green", "smoke-test")) {
            for (int exitCode = 2; exitCode <= 5; exitCode++) {
                failures.add(Arguments.of(command, exitCode));
            }
        }
        return failures.stream();
    }

    @ParameterizedTest
    @MethodSource
    void everyFailureBeforeTheSwitch(String command, int exitCode) throws IOException {
        PipelineBuild build = build("onFailure: 'rollback'").fails(command, exitCode);

        assertThatThrownBy(build::run)
                .isInstanceOf(BuildFailed.class)
                .hasMessage(command + " failed (exit code " + exitCode + "): It broke. Next: Mend it.");

        assertThat(build.commandNames()).doesNotContain("switch-traffic", "rollback", "contract");
        assertThat(build.echoes()).last().asString().startsWith(OLD);
        assertThat(build.waitsOnANode()).isEmpty();
    }

    @Test
    void a_failed_smoke_test_lets_the_backfill_end() throws IOException {
        PipelineBuild build = build("").fails("smoke-test", 4);

        assertThatThrownBy(build::run).isInstanceOf(BuildFailed.class);

        assertThat(build.moves()).containsExactly("migrate-expand", "backfill", "deploy-green", "smoke-test");
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "4"})
    void a_first_switch_that_moved_nobody_or_put_them_back_itself_needs_no_rollback(int exitCode) throws IOException {
        PipelineBuild build = build("").fails("switch-traffic", exitCode);

        assertThatThrownBy(build::run).hasMessageContaining("switch-traffic failed (exit code " + exitCode + ")");

        assertThat(build.commandNames()).endsWith("switch-traffic");
        assertThat(build.echoes()).last().asString().startsWith(OLD);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 130, 143})
    void a_switch_that_ended_in_its_middle_is_rolled_back(int exitCode) throws IOException {
        PipelineBuild build = build("retries: 2").fails("switch-traffic", exitCode);

        assertThatThrownBy(build::run)
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("switch-traffic failed (exit code " + exitCode + ")");

        assertThat(build.commands()).contains("switch-traffic --release blog-2.4.0-1 --watch 3m", ROLLBACK);
        assertThat(build.moves()).endsWith("switch-traffic", "rollback");
        assertThat(build.sleeps()).as("a switch that failed is not begun again").isEmpty();
        assertThat(build.echoes()).containsExactly("Users go back from 2.4.0 to the old version.");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 130, 143})
    void a_switch_that_fails_between_two_looks_is_rolled_back(int exitCode) throws IOException {
        PipelineBuild build = build("")
                .does("switch-traffic", "\"baking\": true, \"wakeInSeconds\": 60")
                .fails("switch-traffic", exitCode);

        assertThatThrownBy(build::run).hasMessageContaining("switch-traffic failed (exit code " + exitCode + ")");

        assertThat(build.moves()).endsWith("switch-traffic", "switch-traffic", "rollback");
    }

    @Test
    void a_look_that_could_not_be_had_is_tried_again() throws Throwable {
        PipelineBuild build = build("retries: 1, contract: false")
                .does("switch-traffic", "\"baking\": true, \"wakeInSeconds\": 60")
                .fails("switch-traffic", 5)
                .does("switch-traffic", "\"baking\": false");

        build.run();

        assertThat(build.commands().stream().filter(command -> command.startsWith("switch-traffic")))
                .containsExactly(
                        "switch-traffic --release blog-2.4.0-1 --watch 3m",
                        "switch-traffic --release blog-2.4.0-1 --watch 3m --resume",
                        "switch-traffic --release blog-2.4.0-1 --watch 3m --resume");
    }

    @Test
    void a_gate_that_failed_between_two_looks_has_put_users_back() throws IOException {
        PipelineBuild build = build("onFailure: 'rollback'")
                .does("switch-traffic", "\"baking\": true, \"wakeInSeconds\": 60")
                .fails("switch-traffic", 4);

        assertThatThrownBy(build::run).hasMessageContaining("exit code 4");

        assertThat(build.commandNames()).endsWith("switch-traffic", "switch-traffic");
        assertThat(build.echoes()).last().asString().startsWith(OLD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"switch-traffic", "deploy-green", "rollback"})
    void after_an_unknown_outcome_nothing_is_started_any_more(String command) throws IOException {
        PipelineBuild build = build("onFailure: 'rollback', onCall: 'Zoe'").fails(command, 6);
        if (command.equals("rollback")) {
            build.fails("switch-traffic", 5);
        }

        assertThatThrownBy(build::run).hasMessageContaining("OUTCOME UNKNOWN").hasMessageContaining("CALL Zoe");

        assertThat(build.commandNames()).endsWith(command);
        assertThat(build.jenkins().made("error")).hasSize(command.equals("rollback") ? 2 : 1);
    }

    @Test
    void an_unknown_outcome_is_said_last() throws IOException {
        PipelineBuild build = build("").fails("switch-traffic", 6);

        assertThatThrownBy(build::run).isInstanceOf(BuildFailed.class);

        assertThat(build.echoes()).last().isEqualTo(UNKNOWN);
    }

    @Test
    void an_agent_that_died_while_users_moved_is_cleaned_up_after() throws IOException {
        PipelineBuild build = build("").dies("switch-traffic");

        assertThatThrownBy(build::run).hasMessageContaining("before it could explain");

        assertThat(build.moves()).endsWith("switch-traffic", "rollback");
    }

    @Test
    void a_rollback_that_fails_is_the_reason_that_is_told() throws IOException {
        PipelineBuild build = build("").fails("switch-traffic", 5).fails("rollback", 3);

        assertThatThrownBy(build::run).hasMessage("rollback failed (exit code 3): It broke. Next: Mend it.");
    }

    @Test
    void a_rollback_is_tried_harder_than_the_rest() throws Throwable {
        PipelineBuild build = build("")
                .fails("switch-traffic", 1)
                .fails("rollback", 5)
                .fails("rollback", 5)
                .does("rollback", "");

        assertThatThrownBy(build::run).hasMessageContaining("switch-traffic failed (exit code 1)");

        assertThat(build.moves()).endsWith("rollback", "rollback", "rollback");
    }

    @ParameterizedTest
    @CsvSource({"status, 5", "contract, 1", "contract, 3", "contract, 5"})
    void after_the_switch_users_stay_by_default(String command, int exitCode) throws IOException {
        PipelineBuild build = build("").fails(command, exitCode);

        assertThatThrownBy(build::run).hasMessageContaining(command + " failed (exit code " + exitCode + ")");

        assertThat(build.commandNames()).endsWith(command);
        assertThat(build.echoes()).last().asString().startsWith("Users stay on the new version");
    }

    @Test
    void after_the_switch_users_go_back_if_asked_for() throws IOException {
        PipelineBuild build = build("onFailure: 'rollback'").fails("status", 5);

        assertThatThrownBy(build::run).hasMessageContaining("status failed");

        assertThat(build.commands()).contains(ROLLBACK);
    }

    @Test
    void there_is_no_way_back_once_contract_was_started() throws IOException {
        PipelineBuild build = build("onFailure: 'rollback'").fails("contract", 5);

        assertThatThrownBy(build::run).hasMessageContaining("contract failed");

        assertThat(build.commandNames()).endsWith("contract");
    }

    @Test
    void a_release_that_somebody_rolled_back_meanwhile_is_not_contracted() throws IOException {
        PipelineBuild build = build("onFailure: 'rollback'").does("status", "\"contractDueInSeconds\": null");

        assertThatThrownBy(build::run)
                .hasMessageStartingWith("Release blog-2.4.0-1 is not switched any more: Done. Next: Run rollback");

        assertThat(build.commandNames()).endsWith("status");
    }

    @ParameterizedTest
    @CsvSource({"0, freeze, ", "1, freeze, ", "0, rollback, ", "1, rollback, rollback"})
    void who_says_no_before_the_switch_leaves_users_where_they_are_and_after_it_as_the_policy_says(
            int yes, String policy, String afterwards) throws IOException {
        PipelineBuild build = build("onFailure: '" + policy + "'");
        build.jenkins().restarting().on("input", call -> {
            if (build.jenkins().made("input").size() > yes) {
                throw new BuildAborted("Rejected by bob");
            }
            return "alice";
        });

        assertThatThrownBy(build::run).isInstanceOf(BuildAborted.class).hasMessage("Rejected by bob");

        assertThat(build.commandNames().contains("switch-traffic")).isEqualTo(yes > 0);
        assertThat(build.commandNames().contains("rollback")).isEqualTo(afterwards != null);
        assertThat(build.commandNames()).doesNotContain("contract");
        assertThat(build.commands()).anyMatch(command -> command.contains("--declined"));
    }

    @Test
    void another_release_under_way_is_a_refusal_by_default() throws IOException {
        PipelineBuild build = build("").fails("migrate-expand", 3, ", \"busy\": \"blog-2.3.0-1\"");

        assertThatThrownBy(build::run).hasMessageContaining("migrate-expand failed (exit code 3)");

        assertThat(build.moves()).containsExactly("migrate-expand");
    }

    @Test
    void another_reason_to_refuse_is_not_waited_for() throws IOException {
        PipelineBuild build = build("whenBusy: 'wait'").fails("migrate-expand", 3);

        assertThatThrownBy(build::run).hasMessageContaining("migrate-expand failed (exit code 3)");

        assertThat(build.sleeps()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "migrate-expand, freeze, ",
        "backfill, rollback, ",
        "deploy-green, rollback, ",
        "smoke-test, rollback, ",
        "switch-traffic, freeze, rollback",
        "status, freeze, ",
        "status, rollback, rollback",
        "contract, rollback, ",
    })
    void an_abort_in_a_command_is_not_swallowed(String command, String policy, String afterwards) throws IOException {
        PipelineBuild build = build("onFailure: '" + policy + "'").aborts(command);

        assertThatThrownBy(build::run).isInstanceOf(BuildAborted.class);

        assertThat(build.commandNames().contains("rollback")).isEqualTo(afterwards != null);
    }

    @ParameterizedTest
    @CsvSource({"60, freeze, rollback", "7200, freeze, ", "7200, rollback, rollback"})
    void an_abort_while_a_bake_goes_on_is_not_swallowed(int seconds, String policy, String afterwards)
            throws IOException {
        PipelineBuild build = build("onFailure: '" + policy + "'")
                .does("switch-traffic", "\"baking\": " + (seconds == 60) + ", \"wakeInSeconds\": 60")
                .does("status", "\"contractDueInSeconds\": 7200");
        build.jenkins().on("sleep", call -> {
            throw new BuildAborted("Aborted by bob");
        });

        assertThatThrownBy(build::run).isInstanceOf(BuildAborted.class);

        assertThat(build.sleeps()).containsExactly(seconds);
        assertThat(build.commandNames().contains("rollback")).isEqualTo(afterwards != null);
    }

    @Test
    void a_status_that_fails_for_a_moment_while_a_bake_goes_on_sends_nobody_back() throws Throwable {
        PipelineBuild build = build("onFailure: 'rollback'")
                .does("status", "\"contractDueInSeconds\": 7200")
                .fails("status", 5)
                .does("status", "\"contractDueInSeconds\": 0");

        build.run();

        assertThat(build.moves()).endsWith("contract").doesNotContain("rollback");
    }

    @Test
    void a_rollback_that_fails_is_not_left_unsaid() throws IOException {
        PipelineBuild build = build("").fails("switch-traffic", 5).fails("rollback", 3);

        assertThatThrownBy(build::run).isInstanceOf(BuildFailed.class);

        assertThat(build.echoes()).last().asString().startsWith("It is not sure that all users are back");
    }

    @Test
    void after_an_unknown_outcome_of_contract_no_hook_and_no_node_is_used() throws IOException {
        PipelineBuild build = build("onFailure: 'rollback', before: [rollback: { echo 'going back' }]")
                .fails("status", 6);

        assertThatThrownBy(build::run).isInstanceOf(BuildFailed.class);

        assertThat(build.moves()).doesNotContain("rollback");
        assertThat(build.echoes()).doesNotContain("going back");
        assertThat(build.echoes()).last().asString().startsWith("Nothing more is done");
    }

    @Test
    void an_abort_while_another_release_is_waited_for_touches_nothing() throws IOException {
        PipelineBuild build = build("whenBusy: 'wait'").fails("migrate-expand", 3, ", \"busy\": \"blog-2.3.0-1\"");
        build.jenkins().on("sleep", call -> {
            throw new BuildAborted("Aborted by bob");
        });

        assertThatThrownBy(build::run).isInstanceOf(BuildAborted.class);

        assertThat(build.moves()).containsExactly("migrate-expand");
    }

    @Test
    void a_node_that_is_lost_while_users_move_is_cleaned_up_after_on_another() throws IOException {
        PipelineBuild build = build("").loses("switch-traffic");

        assertThatThrownBy(build::run).isInstanceOf(NodeLost.class);

        assertThat(build.moves()).endsWith("switch-traffic", "rollback");
    }

    @ParameterizedTest
    @CsvSource({
        "before, deployGreen, migrate-expand backfill",
        "after, deployGreen, migrate-expand backfill deploy-green",
        "before, switchTraffic, migrate-expand backfill deploy-green smoke-test",
        "after, switchTraffic, migrate-expand backfill deploy-green smoke-test switch-traffic rollback",
    })
    void a_hook_may_fail_the_release(String when, String step, String commands) throws IOException {
        PipelineBuild build = build(when + ": [" + step + ": { error 'Not today.' }], onFailure: 'rollback'");

        assertThatThrownBy(build::run).hasMessage("Not today.");

        assertThat(String.join(" ", build.moves())).isEqualTo(commands);
    }

    @Test
    void a_rollback_has_hooks_too() throws IOException {
        PipelineBuild build = build("before: [rollback: { echo 'going back' }], after: [rollback: { echo it.message }]")
                .fails("switch-traffic", 5);

        assertThatThrownBy(build::run).hasMessageContaining("switch-traffic failed");

        assertThat(build.echoes())
                .containsExactly("Users go back from 2.4.0 to the old version.", "going back", "Done.");
    }

    @Test
    void a_hook_does_not_keep_users_from_going_back() throws IOException {
        PipelineBuild build =
                build("before: [rollback: { error 'Not today.' }]").fails("switch-traffic", 5);

        assertThatThrownBy(build::run).hasMessage("Not today.");

        assertThat(build.commands()).contains(ROLLBACK);
    }

    private PipelineBuild build(String parameters) throws IOException {
        return new PipelineBuild(folder, parameters);
    }
}
