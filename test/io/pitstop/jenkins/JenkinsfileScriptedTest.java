package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripted job releases 2.4.0; alice approves. */
class JenkinsfileScriptedTest {
    private static final List<String> BEFORE_THE_SWITCH =
            List.of("migrate-expand", "deploy-green", "smoke-test", "backfill", "approve");
    private static final List<String> SHIFT = List.of("--plan", "canary", "--bake-time", "5m");

    @TempDir
    Path folder;

    /** What a checkout brings: somebody pushes after the second one. */
    private final Deque<String> commits = new ArrayDeque<>(List.of("c0ffee", "c0ffee", "7ea"));

    private FakeNode node;
    private CpsWorld jenkins;

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
        node.answers(
                "approve",
                "{\"release\": \"blog-2.4.0-1\", \"step\": \"any\", \"open\": true, \"hash\": \"0a\","
                        + " \"question\": \"Shall we?\", \"message\": \"It waits.\"}",
                0);
        jenkins = node.serve(new CpsWorld(Files.readString(Path.of("resources/jenkins/Jenkinsfile.scripted"))))
                .variable("params", new HashMap<>(Map.of("VERSION", "2.4.0")))
                .on("input", call -> "alice")
                .on("checkout", call -> Map.of("GIT_COMMIT", commits.size() > 1 ? commits.poll() : commits.peek()));
    }

    @Test
    void a_release_runs_all_steps_in_order_with_a_restart_at_every_step() throws Throwable {
        jenkins.restarting().run();

        assertThat(commands())
                .containsSubsequence("migrate-expand", "deploy-green", "smoke-test", "switch-traffic", "contract")
                .containsSubsequence("migrate-expand", "backfill", "switch-traffic")
                .hasSize(10);
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size()).isGreaterThan(60);
    }

    @Test
    void what_is_approved_is_what_is_done() throws Throwable {
        jenkins.run();

        assertThat(node.calls())
                .filteredOn(call -> call.contains("switch-traffic"))
                .hasSize(3)
                .allSatisfy(call -> assertThat(call).containsSubsequence(SHIFT));
        assertThat(node.calls())
                .filteredOn(call -> call.contains("--by"))
                .hasSize(2)
                .allSatisfy(call -> assertThat(call).containsSubsequence("--by", "alice", "--hash", "0a"));
    }

    @Test
    void every_command_gets_the_credentials_and_nobody_holds_a_node_while_people_think() throws Throwable {
        jenkins.run();

        assertThat(node.databaseUsers()).hasSize(10).containsOnly("blog");
        assertThat(node.log()).doesNotContain("s3cret");
        assertThat(jenkins.made("input")).hasSize(2).allSatisfy(input -> {
            assertThat(input.within()).contains("timeout").doesNotContain("node");
            assertThat(input.call().named("submitter")).isEqualTo("release-managers");
        });
    }

    @Test
    void every_node_goes_on_with_the_commit_that_the_build_began_with() throws Throwable {
        jenkins.run();

        assertThat(jenkins.made("checkout")).hasSize(9);
        assertThat(jenkins.made("sh").stream()
                        .map(one -> one.call().named("script") == null
                                ? one.call().argument()
                                : one.call().named("script"))
                        .map(String::valueOf)
                        .filter(script -> script.startsWith("git")))
                .hasSize(9)
                .containsOnly("git checkout --detach c0ffee");
    }

    @Test
    void a_refused_approval_moves_nobody() throws IOException {
        jenkins.on("input", call -> {
            throw new BuildAborted("Rejected by bob");
        });

        assertThatThrownBy(jenkins::run).isInstanceOf(BuildAborted.class);
        assertThat(commands())
                .startsWith(BEFORE_THE_SWITCH.toArray(String[]::new))
                .doesNotContain("switch-traffic");
    }

    @Test
    void an_aborted_switch_ends_the_build_before_anybody_is_asked_about_contract() throws IOException {
        node.aborts("switch-traffic");

        assertThatThrownBy(jenkins::run).isInstanceOf(BuildAborted.class);
        assertThat(commands()).endsWith("switch-traffic");
    }

    @Test
    void a_failed_smoke_test_lets_the_backfill_end_but_nobody_is_asked() throws IOException {
        node.answers("smoke-test", "{\"message\": \"GET /health gave 500.\", \"hint\": \"Fix it.\"}", 4);

        assertThatThrownBy(jenkins::run).hasMessageContaining("GET /health gave 500. Next: Fix it.");
        assertThat(commands()).containsExactly("migrate-expand", "deploy-green", "smoke-test", "backfill");
    }

    private List<String> commands() throws IOException {
        return node.calls().stream().map(call -> call.get(0)).toList();
    }
}
