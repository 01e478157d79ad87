package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job that ends releases by the calendar, with a restart of Jenkins at everything that it does; eve is asked. */
class JenkinsfileContractTest {
    private static final List<String> LOOK = List.of("status");
    private static final List<String> ASK = List.of("approve", "--step", "contract", "--release", "blog-2-1");
    private static final List<String> YES =
            List.of("approve", "--step", "contract", "--release", "blog-2-1", "--by", "eve", "--hash", "abc");
    private static final List<String> CONTRACT = List.of("contract", "--release", "blog-2-1");

    @TempDir
    Path folder;

    private FakeNode node;
    private CpsWorld jenkins;

    @BeforeEach
    void aReleaseWhoseBakeHasPassed() throws IOException {
        node = new FakeNode(folder);
        jenkins = node.serve(new CpsWorld(Files.readString(Path.of("resources/jenkins/Jenkinsfile.contract"))))
                .on("input", call -> "eve")
                .restarting();
        contractIsDueIn("0");
        node.answers(
                "approve",
                "{\"release\": \"blog-2-1\", \"step\": \"contract\", \"open\": true, \"hash\": \"abc\","
                        + " \"question\": \"Approve contract?\", \"message\": \"It waits.\"}",
                0);
    }

    @Test
    void a_release_whose_bake_has_passed_is_contracted_once_somebody_approved() throws Throwable {
        jenkins.run();

        assertThat(node.calls()).containsExactly(LOOK, ASK, YES, CONTRACT);
        assertThat(node.databaseUsers()).containsOnly("blog");
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size()).isGreaterThan(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "null"})
    void where_nothing_is_due_the_build_says_so_and_succeeds_without_asking_anybody(String seconds) throws Throwable {
        contractIsDueIn(seconds);

        jenkins.run();

        assertThat(node.calls()).containsExactly(LOOK);
        assertThat(jenkins.made("input")).isEmpty();
        assertThat(jenkins.made("node")).as("no second node is taken").hasSize(1);
        assertThat(jenkins.made("echo"))
                .extracting(one -> one.call().argument().toString())
                .contains("Nothing to contract. Release blog-2-1 is switched.");
    }

    @Test
    void before_the_first_release_nothing_is_due() throws Throwable {
        node.answers("status", "{\"message\": \"No release yet.\", \"application\": \"blog\"}", 0);

        jenkins.run();

        assertThat(node.calls()).containsExactly(LOOK);
    }

    @Test
    void what_somebody_approved_before_is_contracted_without_asking_again() throws Throwable {
        node.answers("approve", "{\"release\": \"blog-2-1\", \"open\": false, \"message\": \"It was approved.\"}", 0);

        jenkins.run();

        assertThat(node.calls()).containsExactly(LOOK, ASK, CONTRACT);
        assertThat(jenkins.made("input")).isEmpty();
    }

    @Test
    void people_think_without_a_node_and_not_until_the_next_build() throws Throwable {
        jenkins.run();

        assertThat(jenkins.made("input")).hasSize(1).allSatisfy(input -> {
            assertThat(input.within()).contains("timeout").doesNotContain("node");
            assertThat(input.call().named("submitter")).isEqualTo("release-managers");
        });
        assertThat(jenkins.made("timeout").get(0).call().named("time")).isEqualTo(23);
    }

    @Test
    void a_no_contracts_nothing() throws IOException {
        jenkins.on("input", call -> {
            throw new BuildAborted("Rejected by bob");
        });

        assertThatThrownBy(jenkins::run).isInstanceOf(BuildAborted.class).hasMessage("Rejected by bob");
        assertThat(node.calls()).hasSize(3).doesNotContain(CONTRACT);
        assertThat(node.calls().get(2)).contains("--declined");
    }

    @Test
    void a_refused_contract_fails_the_build_with_the_reason() throws IOException {
        node.answers("contract", "{\"message\": \"blue still has 2 database sessions.\", \"hint\": \"Stop blue.\"}", 3);

        assertThatThrownBy(jenkins::run).hasMessageContaining("blue still has 2 database sessions. Next: Stop blue.");
        assertThat(node.calls()).endsWith(CONTRACT);
    }

    private void contractIsDueIn(String seconds) {
        node.answers(
                "status",
                "{\"release\": \"blog-2-1\", \"message\": \"Release blog-2-1 is switched.\", \"contractDueInSeconds\": "
                        + seconds + "}",
                0);
    }
}
