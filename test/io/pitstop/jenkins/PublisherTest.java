package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.jenkins.StepCall.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page of a build shows of its steps. */
class PublisherTest {
    private static final String FAILED = "{\"command\": \"smoke-test\", \"application\": \"blog\","
            + " \"message\": \"GET /health gave 500.\", \"hint\": \"Mend it.\"}";

    @TempDir
    Path folder;

    private FakeNode node;
    private CpsWorld jenkins;

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
    }

    @Test
    void checks_are_shown_by_the_junit_plugin() throws Throwable {
        node.writes("smoke.xml");

        run("smokeTest(junit: 'smoke.xml')", "junit");

        assertThat(arguments("junit")).isEqualTo(Map.of("testResults", "smoke.xml", "allowEmptyResults", true));
    }

    @Test
    void findings_are_shown_by_the_warnings_plugin_under_an_id_of_their_own() throws Throwable {
        node.writes("out/check.sarif");

        run("new io.pitstop.jenkins.Agent(this).run('check', [sarif: 'out/check.sarif'])", "recordIssues", "sarif");

        assertThat(arguments("recordIssues"))
                .isEqualTo(Map.of(
                        "tool",
                        Map.of(
                                "pattern", "out/check.sarif",
                                "id", "pitstop-out-check-sarif",
                                "name", "Pitstop: out/check.sarif")));
    }

    @Test
    void a_report_is_shown_by_the_html_publisher() throws Throwable {
        node.writes("site/index.html");

        run("releaseStatus(report: 'site')", "publishHTML");

        assertThat(arguments("publishHTML"))
                .extracting("target")
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("reportDir", "site")
                .containsEntry("reportFiles", "index.html");
        assertThat(node.calls()).containsExactly(List.of("status", "--report", "site"));
    }

    @Test
    void a_report_may_be_named_by_the_result() throws Throwable {
        node.writes(".pitstop/report/index.html");
        node.answers("{\"message\": \"Done.\", \"report\": \".pitstop/report\"}", 0);

        run("contract()", "publishHTML");

        assertThat(arguments("publishHTML")).extracting("target.reportDir").isEqualTo(".pitstop/report");
    }

    @Test
    void what_failed_is_published_before_the_build_fails() {
        node.writes("smoke.xml");
        node.answers(FAILED, 4);

        assertThatThrownBy(() -> run("smokeTest(junit: 'smoke.xml')", "junit")).isInstanceOf(BuildFailed.class);

        assertThat(jenkins.made())
                .filteredOn(one -> one.call().phase() == Phase.WHOLE)
                .extracting(one -> one.call().name())
                .endsWith("junit", "error");
    }

    @Test
    void plugins_that_are_absent_are_not_missed() throws Throwable {
        node.writes("smoke.xml", "check.sarif", "site/index.html");

        run("smokeTest(junit: 'smoke.xml', sarif: 'check.sarif', report: 'site')");

        assertThat(node.calls()).hasSize(1);
    }

    @Test
    void an_absent_plugin_does_not_hide_why_the_build_failed() {
        node.writes("smoke.xml");
        node.answers(FAILED, 4);

        assertThatThrownBy(() -> run("smokeTest(junit: 'smoke.xml')")).hasMessageContaining("GET /health gave 500.");
    }

    @Test
    void a_defect_of_a_plugin_marks_the_build_but_does_not_undo_what_is_done() throws Throwable {
        node.writes("smoke.xml");
        CpsWorld world = jenkins("smokeTest(junit: 'smoke.xml')").on("junit", call -> {
            throw new NoSuchMethodError("hudson.tasks.junit.TestResult.freeze()");
        });

        run(world);

        assertThat(node.calls()).hasSize(1);
        assertThat(world.made("junit")).hasSize(1);
    }

    @Test
    void a_defect_of_a_plugin_does_not_hide_why_the_build_failed() {
        node.writes("smoke.xml");
        node.answers(FAILED, 4);

        assertThatThrownBy(() -> run(jenkins("smokeTest(junit: 'smoke.xml')").on("junit", call -> {
                    throw new BuildFailed("clocks differ");
                })))
                .hasMessageContaining("GET /health gave 500.");
    }

    @Test
    void an_abort_while_publishing_is_not_swallowed() {
        node.writes("smoke.xml");

        assertThatThrownBy(() -> run(jenkins("smokeTest(junit: 'smoke.xml')").on("junit", call -> {
                    throw new BuildAborted("aborted by bob");
                })))
                .isInstanceOf(BuildAborted.class);
    }

    @Test
    void what_an_earlier_build_left_in_the_workspace_is_not_published() throws Throwable {
        Files.writeString(node.workspace().resolve("it's smoke.xml"), "old");
        Files.writeString(
                Files.createDirectories(node.workspace().resolve("site")).resolve("index.html"), "old");
        Files.writeString(node.workspace().resolve("site/style.css"), "not ours");

        run("smokeTest(junit: \"it's smoke.xml\", report: 'site')", "junit", "publishHTML");

        assertThat(jenkins.made("junit")).isEmpty();
        assertThat(jenkins.made("publishHTML")).isEmpty();
        assertThat(node.workspace().resolve("site/style.css")).exists();
    }

    @Test
    void the_build_is_described_by_application_version_and_what_was_done_last() throws Throwable {
        node.answers(
                "{\"application\": \"blog\", \"version\": \"2.4.0\", \"message\": \"All users are on green.\"}", 0);
        assertThat(description("switchTraffic()")).isEqualTo("blog 2.4.0: All users are on green.");

        node.answers("{\"message\": \"All users are on blue.\"}", 0);
        assertThat(description("rollback()")).isEqualTo("All users are on blue.");

        node.answers(FAILED, 4);
        assertThat(description("try { smokeTest() } catch (failed) { }"))
                .isEqualTo("blog: smoke-test failed: GET /health gave 500.");
    }

    private Object description(String body) throws Throwable {
        BuildRun build = new BuildRun();
        jenkins(body).variable("currentBuild", build).run();
        return build.getDescription();
    }

    private Object run(String body, String... plugins) throws Throwable {
        CpsWorld world = jenkins(body);
        for (String step : plugins) {
            world.on(step, StepCall::argument);
        }
        return run(world);
    }

    private CpsWorld jenkins(String body) {
        return node.serve(new CpsWorld("node {\n" + body + "\n}"));
    }

    private Object run(CpsWorld world) throws Throwable {
        jenkins = world.restarting();
        return jenkins.run();
    }

    private Map<?, ?> arguments(String step) {
        assertThat(jenkins.made(step)).hasSize(1);
        return (Map<?, ?>) jenkins.made(step).get(0).call().argument();
    }
}
