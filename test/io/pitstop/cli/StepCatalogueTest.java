package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.jenkins.StepReference;
import io.pitstop.jenkins.StepReference.Parameter;
import java.io.IOException;
import java.nio.file.Files;
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
    static List<String> steps() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("vars"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".groovy"))
                    .map(name -> name.replace(".groovy", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void jenkins_and_the_command_line_offer_the_same_steps() throws IOException {
        Set<String> commands = Main.commandLine().getSubcommands().entrySet().stream()
                .filter(entry -> entry.getValue().getCommand() instanceof StepCommand)
                .map(Map.Entry::getKey)
                .filter(command -> !command.equals("approve"))
                .collect(Collectors.toSet());

        assertThat(commands)
                .containsExactlyInAnyOrderElementsOf(
                        steps().stream().map(StepCatalogueTest::command).toList());
    }

    @ParameterizedTest
    @MethodSource("steps")
    void every_step_has_help_a_use_case_and_a_test(String step) {
        String type = step.substring(0, 1).toUpperCase(Locale.ROOT) + step.substring(1);

        assertThat(Path.of("vars", step + ".txt")).exists();
        assertThat(Path.of("src/io/pitstop/step", type + ".java")).exists();
        assertThat(Path.of("src/io/pitstop/cli", type + "Command.java")).exists();
        assertThat(Path.of("test/io/pitstop/step", type + "Test.java")).exists();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void the_help_of_a_step_documents_the_options_of_its_command(String step) {
        CommandLine command = Main.commandLine().getSubcommands().get(command(step));
        Set<String> options = command.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !List.of("--help", "--result").contains(name))
                .map(StepCatalogueTest::camelCase)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(StepReference.of(step).parameters())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(options);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void every_command_explains_itself(String step) {
        CommandLine command = Main.commandLine().getSubcommands().get(command(step));

        assertThat(command.getUsageMessage()).contains("--config", "--release", "--result");
        assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    }

    private static String command(String step) {
        return step.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String camelCase(String option) {
        StringBuilder name = new StringBuilder();
        for (String word : option.substring(2).split("-")) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }
}
