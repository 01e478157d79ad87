package io.pitstop.jenkins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The help page {@code vars/<step>.txt}, as a test reads it.
 *
 * @param lines the whole page
 */
public record StepReference(String step, List<String> lines) {
    /** Steps whose commands have other names: on a command line, pitstop says what it is about. */
    private static final Map<String, String> COMMANDS = Map.of("checkMigrations", "check", "releaseStatus", "status");

    /** A question to people, which has a command only for its answer, and a whole release. */
    private static final Set<String> MORE_THAN_A_COMMAND = Set.of("approve", "pitstopPipeline");

    private static final String OF_THE_COMMAND = "Parameters";
    private static final String OF_THE_LIBRARY = "Parameters of every step";

    private static final Pattern PARAMETER =
            Pattern.compile("  ([a-z]\\w*) \\((.+?), (required|default [^)]+)\\): (.+)");

    /**
     * A line {@code name (type, default …): text} or {@code name (type, required): text}.
     *
     * @param presence {@code required}, or {@code default} and the default
     */
    public record Parameter(String name, String type, String presence, String text) {
        /** The option of the command, such as {@code --bake-time}. */
        public String option() {
            return "--" + kebabCase(name);
        }

        public boolean isRequired() {
            return presence.equals("required");
        }

        /** True if the option takes no value. */
        public boolean isFlag() {
            return type.equals("true or false");
        }
    }

    /** The names of the steps in vars/ that are one command each, in alphabetical order. */
    public static Stream<String> steps() {
        return all().filter(step -> !MORE_THAN_A_COMMAND.contains(step));
    }

    /** The names of all steps in vars/. */
    public static Stream<String> all() {
        try (Stream<Path> files = Files.list(Path.of("vars"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".groovy"))
                    .map(name -> name.substring(0, name.length() - ".groovy".length()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of them that do no more than run a command. */
    public static Stream<String> commandSteps() {
        return steps().filter(StepReference::runsACommand);
    }

    /** Reads the page of a step. */
    public static StepReference of(String step) {
        try {
            return new StepReference(step, Files.readAllLines(Path.of("vars", step + ".txt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The parameters that are options of the command, in the order of the page. */
    public List<Parameter> parameters() {
        return entries(OF_THE_COMMAND);
    }

    /** The parameters below a heading of the page. */
    public List<Parameter> parameters(String heading) {
        return entries(heading);
    }

    /** The parameters that the library itself uses. */
    public List<Parameter> libraryParameters() {
        return entries(OF_THE_LIBRARY);
    }

    /** The command that a step calls, such as {@code switch-traffic}. */
    public static String command(String step) {
        return COMMANDS.getOrDefault(step, kebabCase(step));
    }

    /** The lines below a heading of the page, up to the next one; a heading may go on after a comma or colon. */
    public List<String> section(String heading) {
        return lines.stream()
                .dropWhile(line -> !line.equals(heading) && !line.matches(heading + "[,:] .*"))
                .skip(1)
                .takeWhile(line -> line.isEmpty() || line.startsWith(" "))
                .toList();
    }

    /** One of the two examples of the page, as code. */
    public String example(String style) {
        return String.join("\n", section("Example, " + style));
    }

    private static boolean runsACommand(String step) {
        try {
            return Files.readString(Path.of("vars", step + ".groovy")).contains("new Agent(this).run(");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Parameter> entries(String heading) {
        List<String> section = section(heading);
        List<Parameter> parameters = section.stream()
                .map(PARAMETER::matcher)
                .filter(Matcher::matches)
                .map(line -> new Parameter(line.group(1), line.group(2), line.group(3), line.group(4)))
                .toList();
        long entries = section.stream().filter(line -> line.matches("  \\S.*")).count();
        if (entries != parameters.size()) {
            throw new AssertionError(step
                    + ".txt: not every line is 'name (type, default ...): text' or '(type, required)': " + section);
        }
        return parameters;
    }

    private static String kebabCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
