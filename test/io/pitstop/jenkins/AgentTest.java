package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.jenkins.StepReference.Parameter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a step in vars/, compiled as Jenkins compiles it, to the arguments of a process and back. */
class AgentTest {
    private static final String RESULT = ".pitstop/[a-z-]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.json";

    @TempDir
    Path folder;

    private FakeNode node;

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
    }

    static Stream<String> steps() {
        return StepReference.commandSteps();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void every_parameter_of_a_step_is_an_option_of_its_command(String step) throws Throwable {
        Map<String, Object> parameters = new HashMap<>();
        List<String> expected = new ArrayList<>();
        for (Parameter parameter : StepReference.of(step).parameters()) {
            parameters.put(parameter.name(), parameter.isFlag() ? (Object) true : "value of " + parameter.name());
            expected.add(parameter.option());
            if (!parameter.isFlag()) {
                expected.add("value of " + parameter.name());
            }
        }

        run(step, parameters);

        List<String> call = node.calls().get(0);
        assertThat(call.get(0)).isEqualTo(StepReference.command(step));
        assertThat(call.subList(1, call.size())).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void results_do_not_pile_up_in_the_workspace_and_nothing_else_goes() throws Throwable {
        String name = ".pitstop/smoke-test-0b7b3b9e-3f4c-4a53-8d3f-0f4f4f0f6f1";
        Path yesterday = aged(name + "1.json", 1);
        Path lastWeek = aged(name + "2.json", 9);
        Path report = aged(".pitstop/report/index.html", 9);
        Path own = aged(".pitstop/own.json", 9);

        run("smokeTest", Map.of());

        assertThat(lastWeek).doesNotExist();
        assertThat(List.of(yesterday, report, own)).allMatch(Files::exists);
        assertThat(node.workspace().resolve(node.resultFiles().get(0))).exists();
    }

    private Path aged(String file, int days) throws IOException {
        Path path = node.workspace().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "{}");
        return Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(days, ChronoUnit.DAYS)));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void a_step_survives_a_restart_of_jenkins_wherever_it_waits(String step) throws Throwable {
        node.answers("{\"release\": \"r1\", \"facts\": [\"expanded\"], \"rate\": 1.5, \"none\": null}", 0);
        CpsWorld world = world("node { def result = " + step + "(release: 'r1'); echo 'on'; return result }", Map.of());

        Map<String, Object> result =
                new HashMap<>(Map.of("release", "r1", "facts", List.of("expanded"), "rate", new BigDecimal("1.5")));
        result.put("none", null);
        result.putAll(Map.of("exitCode", 0, "command", StepReference.command(step), "agent", "unpackaged"));
        assertThat(world.restarting().run()).isEqualTo(result);
        assertThat(world.restarts()).isEqualTo(world.made().size()).isGreaterThanOrEqualTo(6);
        assertThat(node.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two words",
                "it's",
                "''",
                "\"quoted\"",
                "$(touch owned) `touch owned` $HOME",
                "a;touch owned|cat&",
                "first line\nsecond line\n",
                "back\\slash\\",
                "*",
                "~",
                "!#%",
                "",
                " ",
                "--abandon",
                "Zoë ✓"
            })
    void a_value_reaches_the_agent_as_it_is(String value) throws Throwable {
        run("contract", Map.of("release", value));

        assertThat(node.calls()).containsExactly(List.of("contract", "--release", value));
        assertThat(node.workspace().resolve("owned")).doesNotExist();
    }

    @Test
    void a_name_of_a_parameter_cannot_start_a_second_command() throws Throwable {
        run("contract", Map.of("x; touch owned", "1"));

        assertThat(node.calls()).containsExactly(List.of("contract", "--x; touch owned", "1"));
        assertThat(node.workspace().resolve("owned")).doesNotExist();
    }

    @Test
    void true_is_a_bare_option_and_false_and_null_are_none() throws Throwable {
        Map<String, Object> parameters = new HashMap<>(Map.of("abandon", true, "withoutJournal", false));
        parameters.put("to", null);

        run("rollback", parameters);

        assertThat(node.calls()).containsExactly(List.of("rollback", "--abandon"));
    }

    @Test
    void a_list_is_joined_by_commas_and_a_number_is_written_out() throws Throwable {
        run("switchTraffic", Map.of("steps", new ArrayList<>(List.of(5, 25, 100))));
        run("backfill", Map.of("batchRows", 10000));

        assertThat(node.calls())
                .containsExactly(
                        List.of("switch-traffic", "--steps", "5,25,100"), List.of("backfill", "--batch-rows", "10000"));
    }

    @Test
    void an_interpolated_string_is_a_string() throws Throwable {
        world(
                        "node { migrateExpand(version: \"${parameters.major}.${parameters.minor}\") }",
                        Map.of("major", 2, "minor", 4))
                .run();

        assertThat(node.calls()).containsExactly(List.of("migrate-expand", "--version", "2.4"));
    }

    @Test
    void a_step_needs_no_parameters() throws Throwable {
        world("node { backfill() }", Map.of()).run();

        assertThat(node.calls()).containsExactly(List.of("backfill"));
    }

    @Test
    void the_command_stands_in_the_log_as_one_would_type_it() throws Throwable {
        run("switchTraffic", Map.of("bakeTime", "5m"));

        assertThat(node.log()).matches("(?s)\\+ pitstop switch-traffic --bake-time 5m --result " + RESULT + "\n.*");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 137})
    void an_agent_that_dies_without_a_result_does_not_pass_for_the_last_success(int exitCode) throws Throwable {
        run("backfill", Map.of());
        node.dies(exitCode);

        assertThatThrownBy(() -> run("backfill", Map.of()))
                .isInstanceOf(BuildFailed.class)
                .hasMessageStartingWith("backfill failed (exit code " + exitCode + "): the agent ended before");
    }

    @Test
    void an_empty_result_is_none() throws IOException {
        node.answers("", 1);

        assertThatThrownBy(() -> run("backfill", Map.of()))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("before it could explain");
    }

    @Test
    void a_missing_agent_is_the_reason_that_the_build_ends_with() throws IOException {
        Files.delete(folder.resolve("agent/pitstop"));

        assertThatThrownBy(() -> run("backfill", Map.of()))
                .isInstanceOf(BuildFailed.class)
                .hasMessage(
                        "backfill failed (exit code 2): there is no pitstop on the PATH of this node, and nothing says"
                                + " where to get it. Next: Install it there, or set PITSTOP_AGENT, PITSTOP_TOOL, or"
                                + " PITSTOP_AGENT_URL and PITSTOP_AGENT_SHA256.");
    }

    @Test
    void a_tool_of_jenkins_may_bring_the_agent() throws Throwable {
        Files.createDirectories(folder.resolve("a tool"));
        Files.move(folder.resolve("agent/pitstop"), folder.resolve("a tool/pitstop"));
        CpsWorld world = world("node { env.PITSTOP_TOOL = 'pitstop 0.1'; backfill() }", Map.of())
                .on("tool", call -> folder.resolve("a tool").toString());

        world.restarting().run();

        assertThat(world.made("tool")).extracting(one -> one.call().argument()).containsExactly("pitstop 0.1");
        assertThat(node.calls()).containsExactly(List.of("backfill"));
    }

    @Test
    void nothing_of_how_the_agent_was_found_stays_in_the_workspace() throws Throwable {
        run("backfill", Map.of());

        try (Stream<Path> files = Files.list(node.workspace().resolve(".pitstop"))) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .allMatch(name -> name.endsWith(".json"));
        }
    }

    @Test
    void the_agent_learns_the_version_of_the_library() throws Throwable {
        run("backfill", Map.of());

        assertThat(node.environments().get(0))
                .containsEntry("PITSTOP_LIBRARY", LibraryClass.constant("Agent", "VERSION"));
    }

    @ParameterizedTest
    @CsvSource({"0.2.0, version 0.2.0", "0.11.0, version 0.11.0", "1.1.0, version 1.1.0", "'', of unknown version"})
    void the_library_does_not_trust_an_agent_that_does_not_fit(String agent, String shown) {
        node.answers("{\"agent\": \"" + agent + "\", \"message\": \"Done.\"}", 0);

        assertThatThrownBy(() -> run("backfill", Map.of()))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("the agent on this node is " + shown + ": they do not fit");
    }

    @Test
    void an_agent_that_does_not_fit_says_itself_which_of_the_two_to_update() {
        node.answers("{\"agent\": \"0.2.0\", \"message\": \"They do not fit.\", \"hint\": \"Update the library.\"}", 2);

        assertThatThrownBy(() -> run("backfill", Map.of()))
                .hasMessage("backfill failed (exit code 2): They do not fit. Next: Update the library.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.0", "0.1.17"})
    void the_library_trusts_an_agent_that_fits(String agent) throws Throwable {
        node.answers("{\"agent\": \"" + agent + "\", \"message\": \"Done.\"}", 0);

        run("backfill", Map.of());
    }

    @Test
    void two_branches_in_one_workspace_get_each_their_own_result() throws Throwable {
        node.answers("{\"release\": \"first\"}", 0);
        CpsWorld first = world("node { backfill().release }", Map.of());
        first.on("sh", call -> {
            Object exitCode = node.sh(call);
            // The other branch runs its whole step before this one reads its result.
            assertThat(otherBranch()).isEqualTo("second");
            return exitCode;
        });

        assertThat(first.run()).isEqualTo("first");
        assertThat(node.resultFiles()).hasSize(2).doesNotHaveDuplicates().allMatch(file -> file.matches(RESULT));
    }

    @Test
    void an_aborted_step_is_not_swallowed() {
        CpsWorld world = world("node { backfill() }", Map.of());
        world.on("sh", call -> {
            throw new BuildFailed("aborted by a user");
        });

        assertThatThrownBy(world::run).isInstanceOf(BuildFailed.class).hasMessage("aborted by a user");
        assertThat(world.made()).noneMatch(one -> one.call().name().equals("fileExists"));
    }

    private Object otherBranch() {
        try {
            node.answers("{\"release\": \"second\"}", 0);
            return world("node { backfill().release }", Map.of()).run();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private Object run(String step, Map<String, Object> parameters) throws Throwable {
        return world("node { " + step + "(parameters) }", parameters).run();
    }

    private CpsWorld world(String pipeline, Map<String, Object> parameters) {
        return node.serve(new CpsWorld(pipeline)).variable("parameters", new HashMap<>(parameters));
    }
}
