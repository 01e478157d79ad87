package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.jenkins.CpsWorld.Made;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example Jenkinsfile releases 2.4.0 by a real shell. */
class JenkinsfileTest {
    private static final List<String> EXPAND = List.of("migrate-expand", "--version", "2.4.0");
    private static final List<String> DEPLOY = List.of("deploy-green", "--version", "2.4.0");
    private static final List<String> SMOKE_TEST = List.of("smoke-test", "--junit", "smoke.xml");
    private static final List<String> BACKFILL = List.of("backfill");
    private static final List<String> SWITCH = List.of("switch-traffic", "--plan", "canary", "--bake-time", "5m");
    private static final List<String> CONTRACT = List.of("contract");
    private static final List<String> ASK_SWITCH =
            List.of("approve", "--step", "switchTraffic", "--plan", "canary", "--bake-time", "5m");
    private static final List<String> ASK_CONTRACT = List.of("approve", "--step", "contract");
    private static final List<String> ROLLBACK = List.of("rollback");

    @TempDir
    Path folder;

    /** What a checkout brings: somebody pushes after the second one. */
    private final Deque<String> commits = new ArrayDeque<>(List.of("c0ffee", "c0ffee", "7ea"));

    private FakeNode node;
    private CpsWorld jenkins;

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
        jenkins = node.serve(new CpsWorld(Files.readString(Path.of("resources/jenkins/Jenkinsfile"))))
                .variable("params", new HashMap<>(Map.of("VERSION", "2.4.0")))
                .on("input", call -> "alice")
                .on("checkout", call -> Map.of("GIT_COMMIT", commits.size() > 1 ? commits.poll() : commits.peek()));
        node.answers(
                "approve",
                "{\"release\": \"blog-2.4.0-1\", \"step\": \"switch-traffic\", \"open\": true, \"hash\": \"abc\","
                        + " \"question\": \"Approve?\", \"message\": \"It waits.\"}",
                0);
    }

    private static List<String> said(List<String> ask, String... answer) {
        List<String> call = new ArrayList<>(ask);
        call.addAll(List.of("--release", "blog-2.4.0-1"));
        call.addAll(List.of(answer));
        return call;
    }

    private static List<String> yes(List<String> ask) {
        return said(ask, "--by", "alice", "--hash", "abc");
    }

    @Test
    void a_release_runs_all_steps_in_order() throws Throwable {
        jenkins.run();

        assertThat(node.calls())
                .containsExactly(
                        EXPAND,
                        DEPLOY,
                        SMOKE_TEST,
                        BACKFILL,
                        ASK_SWITCH,
                        yes(ASK_SWITCH),
                        SWITCH,
                        ASK_CONTRACT,
                        yes(ASK_CONTRACT),
                        CONTRACT);
    }

    @Test
    void a_release_survives_a_restart_of_jenkins_at_every_step() throws Throwable {
        jenkins.restarting().run();

        assertThat(node.calls()).hasSize(10).endsWith(yes(ASK_CONTRACT), CONTRACT);
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size()).isGreaterThan(50);
    }

    @Test
    void every_step_gets_the_credentials_and_none_shows_them() throws Throwable {
        jenkins.run();

        assertThat(node.databaseUsers()).hasSize(10).containsOnly("blog");
        assertThat(node.log()).doesNotContain("s3cret");
        assertThat(commands()).hasSize(10).allMatch(one -> one.within().contains("withCredentials"));
        assertThat(node.calls().toString()).doesNotContain("s3cret");
    }

    @Test
    void every_stage_and_what_people_are_shown_is_of_the_commit_that_the_build_began_with() throws Throwable {
        jenkins.run();

        assertThat(jenkins.made("checkout")).hasSize(9);
        assertThat(lines()).hasSize(5).containsOnly("git checkout --detach c0ffee");
        assertThat(jenkins.made("sh").stream().map(one -> one.call().named("label")))
                .filteredOn("go on with the commit of this build"::equals)
                .hasSize(4);
    }

    @Test
    void nobody_holds_a_node_while_people_think() throws Throwable {
        jenkins.run();

        assertThat(jenkins.made("input"))
                .hasSize(2)
                .allMatch(one -> one.within().contains("timeout"))
                .noneMatch(one -> one.within().contains("node"));
        assertThat(jenkins.made("sh")).extracting(Made::within).allMatch(within -> within.contains("node"));
        assertThat(jenkins.made("sh")).noneMatch(one -> one.within().contains("timeout"));
    }

    @Test
    void an_aborted_switch_is_rolled_back_and_nothing_is_contracted() throws IOException {
        node.aborts("switch-traffic");

        assertThatThrownBy(() -> jenkins.run()).isInstanceOf(BuildAborted.class);
        assertThat(node.calls()).endsWith(SWITCH, ROLLBACK);
        assertThat(node.databaseUsers()).containsOnly("blog");
    }

    @Test
    void a_switch_that_failed_or_was_refused_is_left_to_what_the_agent_did() throws IOException {
        node.answers("switch-traffic", "{\"message\": \"Gate failed.\", \"hint\": \"Fix it.\"}", 4);

        assertThatThrownBy(() -> jenkins.run())
                .isInstanceOf(BuildFailed.class)
                .hasMessage("switch-traffic failed (exit code 4): Gate failed. Next: Fix it.");
        assertThat(node.calls()).endsWith(SWITCH);
    }

    @Test
    void a_failed_smoke_test_lets_the_backfill_end_but_nobody_is_asked() throws IOException {
        node.answers("smoke-test", "{\"message\": \"GET /health gave 500.\", \"hint\": \"Fix it.\"}", 4);

        assertThatThrownBy(() -> jenkins.run()).hasMessageContaining("GET /health gave 500");
        assertThat(node.calls()).containsExactly(EXPAND, DEPLOY, SMOKE_TEST, BACKFILL);
        assertThat(jenkins.made("archiveArtifacts")).hasSize(1);
        assertThat(jenkins.made("input")).isEmpty();
    }

    @Test
    void a_refused_approval_moves_nothing() throws IOException {
        jenkins.on("input", call -> {
            throw new BuildAborted("Rejected by bob");
        });

        assertThatThrownBy(() -> jenkins.run()).hasMessage("Rejected by bob");
        assertThat(node.calls())
                .hasSize(6)
                .startsWith(EXPAND, DEPLOY, SMOKE_TEST, BACKFILL, ASK_SWITCH)
                .last()
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("--declined");
    }

    @Test
    void a_refused_contract_leaves_users_on_the_new_version() throws IOException {
        node.answers("contract", "{\"message\": \"Baked for 1h of 24h.\", \"hint\": \"Wait.\"}", 3);

        assertThatThrownBy(() -> jenkins.run()).hasMessageContaining("Baked for 1h of 24h");
        assertThat(node.calls()).endsWith(CONTRACT);
    }

    private List<Made> commands() {
        return jenkins.made("sh").stream()
                .filter(one -> String.valueOf(one.call().named("label")).startsWith("pitstop "))
                .toList();
    }

    /** What the job itself tells the shell. */
    private Stream<String> lines() {
        return jenkins.made("sh").stream()
                .map(one -> one.call().argument())
                .filter(argument -> !(argument instanceof Map))
                .map(String::valueOf);
    }
}
