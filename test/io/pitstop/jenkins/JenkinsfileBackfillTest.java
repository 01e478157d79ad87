package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job that backfills for days: nodes come and go. */
class JenkinsfileBackfillTest {
    private static final List<String> BACKFILL = List.of("backfill", "--batch-rows", "5000");

    @TempDir
    Path folder;

    private FakeNode node;
    private CpsWorld jenkins;

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
        jenkins = node.serve(new CpsWorld(Files.readString(Path.of("resources/jenkins/Jenkinsfile.backfill"))))
                .variable("params", parameters("1"));
    }

    @Test
    void nodes_share_the_work_and_each_that_is_lost_is_replaced() throws Throwable {
        jenkins.variable("params", parameters("3"));
        loseNodes(2);

        jenkins.restarting().run();

        assertThat(node.calls()).hasSize(5).containsOnly(BACKFILL);
        assertThat(jenkins.made("node")).hasSize(5);
        assertThat(jenkins.made("echo")).hasSize(3);
    }

    @Test
    void a_second_build_joins_in() throws IOException {
        assertThat(Files.readString(Path.of("resources/jenkins/Jenkinsfile.backfill")))
                .doesNotContain("disableConcurrentBuilds");
    }

    @Test
    void the_release_under_way_is_filled_with_a_restart_at_every_step() throws Throwable {
        jenkins.restarting().run();

        assertThat(node.calls()).containsExactly(BACKFILL);
        assertThat(node.databaseUsers()).containsExactly("blog");
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size()).isGreaterThan(10);
        assertThat(jenkins.made("echo").get(0).call().argument()).isEqualTo("Done.");
    }

    @Test
    void when_a_node_is_lost_the_next_one_goes_on() throws Throwable {
        loseNodes(3);

        jenkins.restarting().run();

        assertThat(node.calls()).containsExactly(BACKFILL, BACKFILL, BACKFILL, BACKFILL);
        assertThat(jenkins.made("node"))
                .hasSize(4)
                .allMatch(one -> one.call().argument().equals("pitstop"));
        assertThat(jenkins.made("checkout")).hasSize(4);
    }

    @Test
    void it_does_not_lose_nodes_for_ever() throws IOException {
        loseNodes(100);

        assertThatThrownBy(jenkins::run).isInstanceOf(NodeLost.class);
        assertThat(node.calls()).hasSize(10);
    }

    @Test
    void a_process_that_is_refused_ends_the_build_which_says_so_at_once() throws IOException {
        node.answers("{\"message\": \"carol's build 7 on n2 is at it.\", \"hint\": \"Wait for it.\"}", 3);

        assertThatThrownBy(jenkins::run).hasMessageContaining("carol's build 7 on n2 is at it.");
        assertThat(node.calls()).hasSize(1);
    }

    @Test
    void an_abort_is_not_swallowed() throws IOException {
        node.aborts("backfill");

        assertThatThrownBy(jenkins::run).isInstanceOf(BuildAborted.class);
        assertThat(node.calls()).hasSize(1);
    }

    @Test
    void what_an_outside_system_caused_is_tried_again_on_the_same_node() throws IOException {
        node.answers("{\"message\": \"The database went away.\", \"hint\": \"Run it again.\"}", 5);

        assertThatThrownBy(jenkins::run).hasMessageContaining("The database went away.");
        assertThat(node.calls()).hasSize(6);
        assertThat(jenkins.made("node")).hasSize(1);
    }

    private static Map<String, Object> parameters(String nodes) {
        return new HashMap<>(Map.of("RELEASE", "", "NODES", nodes, "BATCH_ROWS", "5000"));
    }

    private void loseNodes(int times) {
        int[] left = {times};
        jenkins.on("sh", call -> {
            Object exitCode = node.sh(call);
            if (left[0]-- > 0) {
                throw new NodeLost("Agent n" + left[0] + " was removed");
            }
            return exitCode;
        });
    }
}
