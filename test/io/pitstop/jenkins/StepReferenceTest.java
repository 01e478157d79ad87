package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pitstop.jenkins.StepReference.Parameter;
import io.pitstop.step.Backfill;
import io.pitstop.step.Contract;
import io.pitstop.step.DeployGreen;
import io.pitstop.step.MigrateExpand;
import io.pitstop.step.Restore;
import io.pitstop.step.Rollback;
import io.pitstop.step.SmokeTest;
import io.pitstop.step.SwitchTraffic;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps in vars/ and their help pages. */
class StepReferenceTest {
    private static final Pattern KEYS = Pattern.compile("^ *([a-z]\\w*(?:, \\w+)*): ");

    @TempDir
    Path folder;

    static Stream<String> steps() {
        return StepReference.steps();
    }

    @Test
    void a_release_has_a_step_for_each_of_its_actions() {
        assertThat(steps())
                .contains(
                        "migrateExpand",
                        "deployGreen",
                        "backfill",
                        "smokeTest",
                        "switchTraffic",
                        "contract",
                        "rollback",
                        "checkMigrations",
                        "releaseStatus");
    }

    static Stream<String> commandSteps() {
        return StepReference.commandSteps();
    }

    @ParameterizedTest
    @MethodSource("commandSteps")
    void a_step_only_calls_its_command(String step) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("vars", step + ".groovy"));

        assertThat(lines).hasSizeLessThanOrEqualTo(6);
        assertThat(lines).contains("    return new Agent(this).run('" + StepReference.command(step) + "', parameters)");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void a_page_explains_every_parameter_the_result_the_errors_and_two_examples(String step) {
        StepReference page = StepReference.of(step);

        assertThat(page.lines().get(1)).startsWith(step + ": ");
        assertThat(page.parameters()).extracting(Parameter::name).contains("config");
        assertThat(page.libraryParameters())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(LibraryClass.constant("CommandLine", "LIBRARY_PARAMETERS"));
        assertThat(String.join("\n", page.section("Result"))).contains("command:", "exitCode:", "message:");
        assertThat(page.section("Errors")).anyMatch(line -> line.startsWith("  2  "));
        assertThat(page.example("declarative")).contains(step + " ");
        assertThat(page.example("scripted")).contains(step + "(");
    }

    static Stream<Arguments> results() {
        return Stream.of(
                arguments("migrateExpand", MigrateExpand.Result.class),
                arguments("deployGreen", DeployGreen.Result.class),
                arguments("smokeTest", SmokeTest.Result.class),
                arguments("backfill", Backfill.Result.class),
                arguments("switchTraffic", SwitchTraffic.Result.class),
                arguments("rollback", Rollback.Result.class),
                arguments("contract", Contract.Result.class),
                arguments("restore", Restore.Result.class));
    }

    @ParameterizedTest
    @MethodSource("results")
    void a_page_names_all_that_a_result_tells(String step, Class<?> result) {
        List<String> told = Stream.of(result.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();

        List<String> named = StepReference.of(step).section("Result").stream()
                .map(KEYS::matcher)
                .filter(Matcher::find)
                .flatMap(keys -> Stream.of(keys.group(1).split(", ")))
                .toList();

        assertThat(named).containsAll(told).contains("agent", "facts");
    }

    @Test
    void what_the_library_itself_uses_is_explained_in_the_same_words_everywhere() {
        assertThat(steps().map(step -> StepReference.of(step).section("Parameters of every step")))
                .containsOnly(StepReference.of("backfill").section("Parameters of every step"));
    }

    @Test
    void the_page_of_approve_explains_what_the_question_is_made_of() {
        assertThat(StepReference.of("approve").parameters("Parameters of the question"))
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(LibraryClass.constant("Approval", "OWN_PARAMETERS"));
    }

    static Stream<String> all() {
        return StepReference.all();
    }

    @Test
    void the_page_of_the_whole_release_explains_every_parameter_and_every_place_for_a_hook() {
        StepReference page = StepReference.of("pitstopPipeline");

        assertThat(Stream.concat(page.parameters().stream(), page.libraryParameters().stream()))
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(LibraryClass.constant("ReleaseParameters", "NAMES"));
        assertThat(page.section("Parameters of every step"))
                .isEqualTo(StepReference.of("backfill").section("Parameters of every step"));
        assertThat(String.join(" ", page.lines()))
                .contains(LibraryClass.<List<String>>constant("ReleaseParameters", "STEPS"));
        assertThat(page.section("Errors"))
                .filteredOn(line -> line.matches("  [1-6]  .*"))
                .hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"declarative", "scripted"})
    void the_examples_of_the_whole_release_run(String style) throws Throwable {
        String example = StepReference.of("pitstopPipeline").example(style);
        PipelineBuild build = PipelineBuild.of(
                folder, style.equals("scripted") ? example : "pipeline {\nagent none\nstages {\n" + example + "\n}\n}");
        build.jenkins().variable("params", new java.util.HashMap<>(java.util.Map.of("VERSION", "2.4.0")));

        build.run();

        assertThat(build.moves()).hasSize(6).endsWith("contract");
    }

    /** Escaped or not: Jenkins shows the page through the markup formatter that its administrator chose. */
    @ParameterizedTest
    @MethodSource("all")
    void a_page_reads_well_under_every_markup_formatter(String step) {
        List<String> lines = StepReference.of(step).lines();

        assertThat(lines).startsWith("<pre>").endsWith("</pre>");
        assertThat(String.join("\n", lines.subList(1, lines.size() - 1))).doesNotContain("<", "&", "\t");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void the_scripted_example_runs(String step) throws Throwable {
        assertThat(commandsOf(StepReference.of(step).example("scripted"))).containsExactly(StepReference.command(step));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void the_declarative_example_runs(String step) throws Throwable {
        String stage = StepReference.of(step).example("declarative");

        assertThat(commandsOf("pipeline {\nagent none\nstages {\n" + stage + "\n}\n}"))
                .containsExactly(StepReference.command(step));
    }

    private List<String> commandsOf(String pipeline) throws Throwable {
        FakeNode node = new FakeNode(folder);
        node.serve(new CpsWorld(pipeline))
                .variable("params", new java.util.HashMap<>(java.util.Map.of("VERSION", "2.4.0")))
                .run();
        assertThat(node.databaseUsers()).containsOnly(pipeline.contains("checkMigrations") ? "" : "blog");
        return node.calls().stream().map(call -> call.get(0)).toList();
    }
}
