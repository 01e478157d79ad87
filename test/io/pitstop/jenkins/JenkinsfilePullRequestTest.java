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

/** The job that judges a pull request: it gets nothing that could reach production. */
class JenkinsfilePullRequestTest {
    private static final List<String> CHECK =
            List.of("check", "--sarif", "pitstop.sarif", "--junit", "pitstop-check.xml");

    @TempDir
    Path folder;

    private FakeNode node;
    private CpsWorld jenkins;

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
        jenkins = node.serve(new CpsWorld(Files.readString(Path.of("resources/jenkins/Jenkinsfile.pull-request"))));
        node.writes("pitstop.sarif", "pitstop-check.xml");
    }

    @Test
    void the_migrations_are_judged_with_a_restart_at_every_step_and_no_credentials() throws Throwable {
        jenkins.restarting().run();

        assertThat(node.calls()).hasSize(1);
        assertThat(node.calls().get(0)).containsExactlyInAnyOrderElementsOf(CHECK);
        assertThat(node.databaseUsers()).containsExactly("");
        assertThat(jenkins.made("withCredentials")).isEmpty();
        assertThat(jenkins.restarts()).isEqualTo(jenkins.made().size()).isGreaterThan(5);
        assertThat(jenkins.made("checkout")).hasSize(1);
    }

    @Test
    void findings_are_published_also_when_they_fail_the_build() {
        jenkins.on("junit", call -> null).on("recordIssues", call -> null).on("sarif", StepCall::argument);
        node.answers("{\"message\": \"1 error in 2 scripts.\", \"hint\": \"Mend V3__x.sql:4.\"}", 3);

        assertThatThrownBy(jenkins::run).hasMessageContaining("1 error in 2 scripts. Next: Mend V3__x.sql:4.");
        assertThat(jenkins.made("junit").get(0).call().named("testResults")).isEqualTo("pitstop-check.xml");
        assertThat(jenkins.made("recordIssues")).hasSize(1);
    }

    @Test
    void it_ends_within_a_time_limit_and_an_abort_is_not_swallowed() {
        node.aborts("check");

        assertThatThrownBy(jenkins::run).isInstanceOf(BuildAborted.class);
        assertThat(jenkins.made("sh")).allMatch(one -> one.within().contains("timeout"));
    }
}
