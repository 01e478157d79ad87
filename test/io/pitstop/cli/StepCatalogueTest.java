package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.jenkins.StepReference;
import io.pitstop.jenkins.StepReference.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A step has one name everywhere: vars/, command line, use-case, test, help. */
class StepCatalogueTest {
    /** Where the work of a command is done that is not the use-case of its name. */
    private static final Map<String, String> USE_CASES = Map.of("check", "check/rule/Rules");

    /** Options that the step approve gives itself. */
    private static final List<String> SAID_BY_PEOPLE = List.of("by", "hash", "declined");

    static Stream<String> steps() {
        return StepReference.steps();
    }

    @Test
    void jenkins_and_the_command_line_offer_the_same_steps() {
        Set<String> commands = Main.commandLine().getSubcommands().entrySet().stream()
                .filter(entry -> entry.getValue().getCommand() instanceof ResultCommand)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());

        Stream<String> offered = Stream.concat(StepReference.commandSteps(), Stream.of("approve"));
        assertThat(commands)
                .containsExactlyInAnyOrderElementsOf(
                        offered.map(StepReference::command).toList());
    }

    @ParameterizedTest
    @MethodSource("steps")
    void every_step_has_help_a_use_case_and_a_test(String step) {
        String type = typeName(StepReference.command(step));
        String useCase = USE_CASES.getOrDefault(StepReference.command(step), "step/" + type);

        assertThat(Path.of("vars", step + ".txt")).exists();
        assertThat(Path.of("src/io/pitstop/cli", type + "Command.java")).exists();
        assertThat(Path.of("src/io/pitstop", useCase + ".java")).exists();
        assertThat(Path.of("test/io/pitstop", useCase + "Test.java")).exists();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void the_help_of_a_step_documents_the_options_of_its_command(String step) {
        CommandLine command = Main.commandLine().getSubcommands().get(StepReference.command(step));
        Set<String> options = command.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !List.of("--help", "--result").contains(name))
                .map(StepCatalogueTest::camelCase)
                .filter(name -> !step.equals("approve") || !SAID_BY_PEOPLE.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(StepReference.of(step).parameters())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(options);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void every_command_explains_itself(String step) {
        CommandLine command = Main.commandLine().getSubcommands().get(StepReference.command(step));

        assertThat(command.getUsageMessage()).contains("--config", "--result");
        assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    }

    /** {@code switch-traffic} is {@code SwitchTraffic}. */
    private static String typeName(String command) {
        String name = camelCase("--" + command);
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static String camelCase(String option) {
        StringBuilder name = new StringBuilder();
        for (String word : option.substring(2).split("-")) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }
}
