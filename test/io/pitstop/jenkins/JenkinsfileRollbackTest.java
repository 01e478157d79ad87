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

/** The job that gives users back: a person confirms, then a node acts. */
class JenkinsfileRollbackTest {
    @TempDir
    Path folder;

    private FakeNode node;
    private CpsWorld jenkins;

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
        jenkins = node.serve(new CpsWorld(Files.readString(Path.of("resources/jenkins/Jenkinsfile.rollback"))))
                .on("input", call -> "alice");
        given("", false, "no");
    }

    @Test
    void the_release_under_way_is_rolled_back_with_a_restart_at_every_step() throws Throwable {
        jenkins.restarting().run();

        assertThat(node.calls()).containsExactly(List.of("rollback"));
        assertThat(node.databaseUsers()).containsExactly("blog");
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size()).isGreaterThan(10);
    }

    @Test
    void a_release_can_be_named_and_abandoned() throws Throwable {
        given("blog-2.4.0-1", true, "no");

        jenkins.run();

        assertThat(node.calls()).containsExactly(List.of("rollback", "--release", "blog-2.4.0-1", "--abandon"));
    }

    @Test
    void while_the_database_is_down_neither_it_nor_its_credentials_are_asked_for() throws Throwable {
        given("", false, "blue");

        jenkins.run();

        assertThat(node.calls()).containsExactly(List.of("rollback", "--without-journal", "--to", "blue"));
        assertThat(node.databaseUsers()).containsExactly("");
        assertThat(jenkins.made("input").get(0).call().named("message").toString())
                .contains("to blue", "without asking the journal");
    }

    @Test
    void a_person_confirms_without_holding_a_node_and_not_for_ever() throws Throwable {
        jenkins.run();

        assertThat(jenkins.made("input")).hasSize(1).allSatisfy(input -> {
            assertThat(input.within()).contains("timeout").doesNotContain("node");
            assertThat(input.call().named("submitter")).isEqualTo("release-managers");
        });
    }

    @Test
    void nobody_is_moved_before_somebody_confirmed() {
        jenkins.on("input", call -> {
            throw new BuildAborted("Rejected by bob");
        });

        assertThatThrownBy(jenkins::run).isInstanceOf(BuildAborted.class);
        assertThat(jenkins.made("node")).isEmpty();
    }

    @Test
    void an_abort_while_it_rolls_back_is_not_swallowed() throws IOException {
        node.aborts("rollback");

        assertThatThrownBy(jenkins::run).isInstanceOf(BuildAborted.class);
        assertThat(node.calls()).hasSize(1);
    }

    @Test
    void an_outside_failure_is_tried_again_and_a_refusal_is_not() throws IOException {
        node.answers("{\"message\": \"The proxy does not answer.\", \"hint\": \"Run it again.\"}", 5);
        assertThatThrownBy(jenkins::run).hasMessageContaining("The proxy does not answer.");
        assertThat(node.calls()).hasSize(4);

        node.answers("{\"message\": \"Contract has begun.\", \"hint\": \"Use restore.\"}", 3);
        assertThatThrownBy(jenkins::run).hasMessageContaining("Contract has begun. Next: Use restore.");
        assertThat(node.calls()).hasSize(5);
    }

    private void given(String release, boolean abandon, String withoutJournal) {
        jenkins.variable(
                "params",
                new HashMap<>(Map.of("RELEASE", release, "ABANDON", abandon, "WITHOUT_JOURNAL", withoutJournal)));
    }
}
