package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The step approve, with a restart of Jenkins at everything that it does; eve is asked. */
class ApprovalTest {
    private static final String STEP = "step: 'switchTraffic', label: 'pitstop', credentialsId: 'blog-db'";
    private static final List<String> ASK = List.of("approve", "--step", "switchTraffic");
    private static final List<String> YES =
            List.of("approve", "--step", "switchTraffic", "--release", "blog-2-1", "--by", "eve", "--hash", "abc");
    private static final List<String> NO = List.of(
            "approve",
            "--step",
            "switchTraffic",
            "--release",
            "blog-2-1",
            "--by",
            "unknown",
            "--hash",
            "abc",
            "--declined",
            "declined, aborted or not answered within 8h");
    private static final List<String> ROLLBACK = List.of("rollback", "--release", "blog-2-1");

    @TempDir
    Path folder;

    private FakeNode node;
    private CpsWorld jenkins;
    private String said = "{\"release\": \"blog-2-1\", \"message\": \"It was approved by eve.\", \"open\": false}";
    private int exitCode;
    private String person = "eve";
    private RuntimeException refusal;

    @BeforeEach
    void aStepThatWaitsForApproval() throws IOException {
        node = new FakeNode(folder);
        node.answers(
                "approve",
                "{\"release\": \"blog-2-1\", \"step\": \"switch-traffic\", \"open\": true, \"hash\": \"abc\","
                        + " \"question\": \"Approve it?\\n- to: 2 on green\", \"message\": \"It waits.\"}",
                0);
    }

    @Test
    void people_are_asked_without_a_node_and_what_they_approve_is_recorded_with_who_and_for_what() throws Throwable {
        assertThat(approve(STEP))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("release", "blog-2-1")
                .containsEntry("open", false);

        assertThat(node.calls()).containsExactly(ASK, YES);
        assertThat(node.databaseUsers()).containsOnly("blog");
        assertThat(jenkins.made("input")).hasSize(1).allSatisfy(input -> {
            assertThat(input.within()).containsExactly("timeout");
            assertThat(input.call().argument())
                    .isEqualTo(Map.of(
                            "id", "approve-switch-traffic",
                            "message", "Approve it?\n- to: 2 on green",
                            "ok", "Approve",
                            "submitterParameter", "APPROVER"));
        });
        assertThat(jenkins.made("sh")).hasSize(2).allMatch(one -> one.within().contains("node"));
        assertThat(jenkins.made("checkout")).hasSize(2);
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size()).isGreaterThan(15);
    }

    @Test
    void who_may_approve_and_for_how_long_is_the_pipelines_to_say() throws Throwable {
        approve(STEP + ", submitter: 'release-managers,eve', timeout: '30m'");

        assertThat(jenkins.made("input").get(0).call().named("submitter")).isEqualTo("release-managers,eve");
        assertThat(jenkins.made("timeout").get(0).call().argument()).isEqualTo(Map.of("time", 30, "unit", "MINUTES"));
        assertThat(node.calls()).containsExactly(ASK, YES);
    }

    @Test
    void how_users_are_to_move_goes_into_what_is_approved() throws Throwable {
        approve("step: 'switch-traffic', plan: 'canary', steps: [5, 100], bakeTime: '5m', config: 'ops/pitstop.yml'");

        assertThat(node.calls()).hasSize(2).allSatisfy(call -> assertThat(call)
                .containsSubsequence("--step", "switch-traffic", "--plan", "canary", "--steps", "5,100")
                .containsSubsequence("--bake-time", "5m", "--config", "ops/pitstop.yml"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_risk_is_accepted_when_people_are_asked_not_by_what_they_say(boolean yes) throws Throwable {
        String question = "step: 'contract', acceptRisk: 'no reports run', onDeclined: 'rollback'";
        if (yes) {
            approve(question);
        } else {
            refusal = new BuildAborted("Rejected by bob");
            assertThatThrownBy(() -> approve(question)).isInstanceOf(BuildAborted.class);
        }

        assertThat(node.calls().get(0)).containsSubsequence("--accept-risk", "no reports run");
        assertThat(node.calls().stream().skip(1)).isNotEmpty().allSatisfy(call -> assertThat(call)
                .doesNotContain("--accept-risk"));
    }

    @Test
    void sources_can_come_from_a_stash() throws Throwable {
        approve(STEP + ", stash: 'sources'");

        assertThat(jenkins.made("unstash"))
                .hasSize(2)
                .allMatch(one -> one.call().argument().equals("sources"));
        assertThat(jenkins.made("checkout")).isEmpty();
    }

    @Test
    void sources_can_be_those_of_a_commit() throws Throwable {
        approve(STEP + ", commit: 'c0ffee'");

        assertThat(jenkins.made("checkout")).hasSize(2);
        assertThat(jenkins.made("sh").stream()
                        .map(one -> one.call().named("script"))
                        .filter("git checkout --detach c0ffee"::equals))
                .hasSize(2);
        assertThat(node.calls()).containsExactly(ASK, YES);
    }

    @Test
    void nobody_is_asked_again_about_what_is_approved_or_done() throws Throwable {
        node.answers("approve", "{\"release\": \"blog-2-1\", \"open\": false, \"message\": \"It is done.\"}", 0);

        approve(STEP);

        assertThat(jenkins.made("input")).isEmpty();
        assertThat(node.calls()).containsExactly(ASK);
        assertThat(echoes()).containsExactly("It is done.");
    }

    @Test
    void on_a_node_it_fails_at_once_instead_of_keeping_it_from_others() throws IOException {
        assertThatThrownBy(() -> run("node { approve(" + STEP + ") }"))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("approve was called on a node")
                .hasMessageContaining("Next: Call it outside of node");
        assertThat(node.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Rejected by bob", "Timeout has been exceeded", "Aborted by bob"})
    void a_no_is_recorded_users_stay_and_the_abort_goes_on(String abort) throws IOException {
        refusal = new BuildAborted(abort);

        assertThatThrownBy(() -> approve(STEP)).isInstanceOf(BuildAborted.class).hasMessage(abort);

        assertThat(node.calls()).containsExactly(ASK, NO);
        assertThat(echoes()).contains("Users stay where they are.");
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size());
    }

    @Test
    void after_a_no_users_go_back_if_the_policy_says_so() throws IOException {
        refusal = new BuildAborted("Rejected by bob");

        assertThatThrownBy(() -> approve(STEP + ", plan: 'canary', onDeclined: 'rollback'"))
                .isInstanceOf(BuildAborted.class)
                .hasMessage("Rejected by bob");

        assertThat(node.calls()).hasSize(3).endsWith(ROLLBACK);
        assertThat(node.calls().get(1))
                .containsSubsequence("--plan", "canary", "--by", "unknown", "--hash", "abc", "--declined");
        assertThat(node.databaseUsers()).containsOnly("blog");
    }

    @ParameterizedTest
    @CsvSource({"approve, 5", "approve, 1", "rollback, 3", "rollback, 6", "approve, 137", "rollback, 137"})
    void what_fails_after_a_no_is_told_and_does_not_take_the_place_of_the_abort(String command, int code)
            throws IOException {
        refusal = new BuildAborted("Rejected by bob");
        exitCode = code;
        said = code == 137 ? "" : "{\"message\": \"The proxy is down.\", \"hint\": \"Start it.\"}";

        assertThatThrownBy(() -> approve(STEP + ", onDeclined: 'rollback'", command))
                .isInstanceOf(BuildAborted.class)
                .hasMessage("Rejected by bob");

        assertThat(node.calls()).contains(NO);
        if (code == 137) {
            assertThat(jenkins.made("error").get(0).call().argument().toString())
                    .contains("ended before it could explain");
        } else {
            assertThat(node.calls()).endsWith(ROLLBACK);
            String told = command.equals("approve")
                    ? echoes().toString()
                    : jenkins.made("error").get(0).call().argument().toString();
            assertThat(told).contains("The proxy is down. Next: Start it.");
            assertThat(told.contains("OUTCOME UNKNOWN")).isEqualTo(code == 6);
        }
    }

    @Test
    void a_jenkins_that_does_not_say_who_approved_approves_nothing() throws IOException {
        person = null;

        assertThatThrownBy(() -> approve(STEP)).hasMessageContaining("does not say who approved");

        assertThat(node.calls()).noneMatch(call -> call.contains("--hash") && !call.contains("--declined"));
    }

    @Test
    void an_abort_of_what_follows_a_no_is_not_held_up() {
        refusal = new BuildAborted("Rejected by bob");
        node.aborts("approve");
        node.answers("approve", "{\"release\": \"blog-2-1\", \"open\": true, \"message\": \"It waits.\"}", 0);

        assertThatThrownBy(() -> approve(STEP)).isInstanceOf(BuildAborted.class).hasMessage("Aborted by bob");
    }

    @Test
    void an_abort_before_people_were_asked_is_no_refusal() throws IOException {
        node.aborts("approve");

        assertThatThrownBy(() -> approve(STEP + ", onDeclined: 'rollback'")).isInstanceOf(BuildAborted.class);

        assertThat(node.calls()).containsExactly(ASK);
    }

    @Test
    void what_changed_while_people_thought_is_refused_with_the_difference_and_users_stay() throws IOException {
        exitCode = 3;
        said = "{\"message\": \"It is not what was shown any more: deployed was a, is b.\", \"hint\": \"Ask again.\"}";

        assertThatThrownBy(() -> approve(STEP + ", onDeclined: 'rollback'"))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("deployed was a, is b. Next: Ask again.");
        assertThat(node.calls()).containsExactly(ASK, YES);
    }

    @Test
    void a_step_that_is_not_due_is_put_before_nobody() throws IOException {
        node.answers("approve", "{\"message\": \"It is not deployed yet.\", \"hint\": \"Deploy.\"}", 3);

        assertThatThrownBy(() -> approve(STEP)).hasMessageContaining("It is not deployed yet. Next: Deploy.");
        assertThat(jenkins.made("input")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"timeout: '8 hours', timeout is '8 hours'", "timeout: 8, timeout is '8'", "timeout: '0h', timeout is"})
    void a_time_that_is_none_is_refused_before_anything_runs(String parameter, String why) throws IOException {
        assertThatThrownBy(() -> approve(STEP + ", " + parameter))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining(why)
                .hasMessageContaining("Next: Write");
        assertThat(node.calls()).isEmpty();
    }

    @Test
    void a_policy_that_is_none_is_refused_before_anything_runs() throws IOException {
        assertThatThrownBy(() -> approve(STEP + ", onDeclined: 'roll back'"))
                .hasMessage("onDeclined is 'roll back'. Next: Write freeze or rollback.");
        assertThat(node.calls()).isEmpty();
    }

    private Object approve(String parameters) throws Throwable {
        return approve(parameters, "approve");
    }

    /** @param answered the command that {@code said} is the answer of, once people have answered */
    private Object approve(String parameters, String answered) throws Throwable {
        return run("def result = approve(" + parameters + ")\necho 'on'\nreturn result", answered);
    }

    private Object run(String pipeline) throws Throwable {
        return run(pipeline, "approve");
    }

    private Object run(String pipeline, String answered) throws Throwable {
        jenkins = node.serve(new CpsWorld(pipeline)).on("unstash", call -> null).on("input", call -> {
            node.answers(answered, said, exitCode);
            if (refusal != null) {
                throw refusal;
            }
            return person;
        });
        return jenkins.restarting().run();
    }

    private List<Object> echoes() {
        return jenkins.made("echo").stream()
                .map(one -> one.call().argument())
                .filter(text -> !text.equals("on"))
                .toList();
    }
}
