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
import org.junit.jupiter.params.provider.ValueSource;

/** What a build does about the way in which a command ended. */
class ExitCodeTest {
    @TempDir
    Path folder;

    private FakeNode node;
    private CpsWorld jenkins;
    private boolean restarting;
    private int healAfterPause = Integer.MAX_VALUE;

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 130, 143})
    void a_failure_ends_the_build_with_what_happened_and_what_to_do_next(int exitCode) throws IOException {
        node.answers(failure("Blue is still live.", "Run switch-traffic first."), exitCode);

        assertThatThrownBy(() -> run("contract()"))
                .isInstanceOf(BuildFailed.class)
                .hasMessage("contract failed (exit code " + exitCode
                        + "): Blue is still live. Next: Run switch-traffic first.");
        assertThat(jenkins.made())
                .extracting(one -> one.call().name())
                .as("nothing is said after the reason")
                .endsWith("error", "node");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 130, 143})
    void who_only_attempts_a_command_decides_by_its_exit_code(int exitCode) throws Throwable {
        node.answers(failure("Blog-1 is unfinished.", "Wait."), exitCode);

        assertThat(run("return new io.pitstop.jenkins.Agent(this).attempt('migrate-expand', [version: '2'])"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsAllEntriesOf(
                        Map.of("message", "Blog-1 is unfinished.", "hint", "Wait.", "exitCode", exitCode));
    }

    @Test
    void an_outside_failure_is_tried_again_with_growing_pauses() throws Throwable {
        node.answers(failure("Terraform failed.", "Run it again."), 5);
        healAfterPause = 3;
        restarting = true;

        assertThat(run("return backfill(retries: 3).message")).isEqualTo("Done.");

        assertThat(node.calls()).hasSize(4).containsOnly(List.of("backfill"));
        assertThat(node.resultFiles()).doesNotHaveDuplicates();
        assertThat(jenkins.made("sleep"))
                .extracting(one -> one.call().named("time"))
                .containsExactly(10, 20, 40);
        assertThat(jenkins.made("echo"))
                .extracting(one -> one.call().argument())
                .first()
                .isEqualTo("backfill: Terraform failed. Trying again in 10 s (1 of 3).");
    }

    @Test
    void the_pause_does_not_grow_beyond_some_minutes() throws IOException {
        node.answers(failure("Terraform failed.", "Run it again."), 5);

        assertThatThrownBy(() -> run("backfill(retries: 8)")).hasMessageContaining("Terraform failed.");

        assertThat(jenkins.made("sleep"))
                .extracting(one -> one.call().named("time"))
                .containsExactly(10, 20, 40, 80, 160, 320, 320, 320);
    }

    @Test
    void retries_may_be_a_parameter_of_the_build_which_is_a_text() throws IOException {
        node.answers(failure("Terraform failed.", "Run it again."), 5);

        assertThatThrownBy(() -> run("backfill(retries: '1')")).hasMessageContaining("Terraform failed.");
        assertThat(node.calls()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'many'", "-1", "''", "1.5"})
    void retries_that_are_no_number_are_refused_before_anything_runs(String retries) throws IOException {
        assertThatThrownBy(() -> run("backfill(retries: " + retries + ")"))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("retries is '")
                .hasMessageContaining("Next: ");
        assertThat(node.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 130, 143})
    void nothing_but_an_outside_failure_is_tried_again(int exitCode) throws IOException {
        node.answers(failure("No.", "Think."), exitCode);

        assertThatThrownBy(() -> run("switchTraffic(retries: 3)")).isInstanceOf(BuildFailed.class);
        assertThat(node.calls()).hasSize(1);
        assertThat(jenkins.made("sleep")).isEmpty();
    }

    @Test
    void an_unknown_outcome_is_said_loudly() throws IOException {
        node.answers(failure("The split reads 70/20.", "Look at the listener."), 6);

        assertThatThrownBy(() -> run("switchTraffic()"))
                .isInstanceOf(BuildFailed.class)
                .hasMessage("switch-traffic failed (exit code 6): OUTCOME UNKNOWN, it is not certain who serves users: "
                        + "STOP ALL AUTOMATION AND CALL A HUMAN. The split reads 70/20. Next: Look at the listener.");
    }

    @Test
    void an_unknown_outcome_is_said_even_if_the_agent_could_not_write_its_result() throws Throwable {
        node.dies(6);

        String caught = (String) run("try { switchTraffic() } catch (failed) { return failed.message }");

        assertThat(caught).contains("OUTCOME UNKNOWN", "CALL A HUMAN", "it is in the log above", "Look at the router");
        assertThatThrownBy(() -> run("try { switchTraffic() } catch (failed) { echo 'cleaning up' }; rollback()"))
                .hasMessageContaining("rollback was not started");
    }

    @Test
    void a_branch_that_waits_to_try_again_does_not_once_the_outcome_of_another_is_unknown() {
        node.answers(failure("The database went away.", "Again."), 5);
        BuildEnvironment env = new BuildEnvironment();
        jenkins = node.serve(new CpsWorld("node { backfill(retries: 3) }"))
                .variable("env", env)
                .on("sleep", call -> {
                    env.setProperty("PITSTOP_STOPPED", "switch-traffic: The split reads 70/20.");
                    return null;
                });

        assertThatThrownBy(jenkins::run).hasMessageContaining("backfill was not started");
        assertThat(jenkins.made("sh")).hasSize(1);
    }

    @Test
    void an_unknown_outcome_names_whom_to_call() throws IOException {
        node.answers(failure("The split reads 70/20.", "Look at the listener."), 6);

        assertThatThrownBy(() -> run("switchTraffic(onCall: 'Ada, +44 20 7946 0000')"))
                .hasMessageContaining("CALL Ada, +44 20 7946 0000. The split");
        assertThatThrownBy(() -> run("env.PITSTOP_ON_CALL = 'ops@example.org'; switchTraffic()"))
                .hasMessageContaining("CALL ops@example.org. The split");
        assertThat(node.calls()).containsOnly(List.of("switch-traffic"));
    }

    @Test
    void after_an_unknown_outcome_no_command_of_the_build_runs() throws Throwable {
        restarting = true;
        node.answers("switch-traffic", failure("The split reads 70/20.", "Look at the listener."), 6);

        String caught = (String)
                run(
                        """
                try { switchTraffic() } catch (failed) { echo 'cleaning up' }
                try { rollback(onCall: 'Ada') } catch (failed) { return failed.message }
                """);

        assertThat(caught)
                .isEqualTo("rollback was not started, because it is not certain who serves users since switch-traffic:"
                        + " The split reads 70/20. Next: Call Ada; start another build when it is clear what the"
                        + " router does.");
        assertThat(node.calls()).containsExactly(List.of("switch-traffic"));
    }

    @Test
    void an_aborted_step_is_not_swallowed() throws IOException {
        node.aborts("backfill");

        assertThatThrownBy(() -> run("backfill(retries: 3, credentialsId: 'blog-db')"))
                .isInstanceOf(BuildAborted.class);
        assertThat(node.calls()).hasSize(1);
        assertThat(jenkins.made("fileExists")).isEmpty();
    }

    private Object run(String body) throws Throwable {
        jenkins = node.serve(new CpsWorld("node {\n" + body + "\n}"));
        jenkins.on("sleep", call -> {
            if (jenkins.made("sleep").size() == healAfterPause) {
                node.answers("{\"message\": \"Done.\"}", 0);
            }
            return null;
        });
        return (restarting ? jenkins.restarting() : jenkins).run();
    }

    private static String failure(String message, String hint) {
        return "{\"message\": \"" + message + "\", \"hint\": \"" + hint + "\"}";
    }
}
