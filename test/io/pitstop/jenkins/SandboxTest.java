package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.jenkins.GroovyCalls.Call;
import io.pitstop.jenkins.SandboxRules.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The library where an administrator does not trust it: as a library of a folder. Every pipeline that a test runs in
 * {@link CpsWorld} runs in the sandbox; here stands what no run has to reach.
 */
class SandboxTest {
    private final SandboxRules rules = SandboxRules.read();

    @TempDir
    Path folder;

    @Test
    void every_call_is_one_that_script_security_allows() throws IOException {
        assertThat(rejected(calls()))
                .as(
                        "calls in the sandbox that no rule of %s allows: use one of %s, or a step, or add the rule if "
                                + "script-security has it",
                        SandboxRules.TABLE, rules.names())
                .isEmpty();
    }

    @Test
    void every_rule_is_needed() throws IOException {
        List<Call> calls = calls();

        assertThat(rules.rules().values())
                .filteredOn(rule -> !rule.isForUsers() && calls.stream().noneMatch(call -> isFor(rule, call)))
                .as("rules of %s that nothing needs any more: delete them", SandboxRules.TABLE)
                .extracting(rule -> SandboxRules.TABLE + ":" + rule.line() + " " + rule.text())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "System.getenv('HOME')           | java.lang.System.getenv",
                "new File('/etc/passwd')         | java.io.File",
                "'ls'.execute()                  | execute",
                "[1, 2].toSorted { a, b -> 1 }   | toSorted",
                "text.class.forName('x')         | class",
                "text.@value                     | value",
                "text.&length                    | length",
                "text as File                    | File",
                "[3, 1]*.hashCode()              | hashCode",
                "Integer.MAX_VALUE               | MAX_VALUE",
                "text =~ 'x'                     | =~",
                "echo 'a step, not on script'    | echo",
            })
    void what_is_not_allowed_is_found_with_its_line_wherever_it_stands(String code, String named) throws IOException {
        Path source = Files.writeString(
                folder.resolve("Careless.groovy"),
                "class Careless implements Serializable {\n  Object script\n  def act(String text) {\n    " + code
                        + "\n  }\n}\n");

        assertThat(rejected(calls(List.of(source))))
                .anyMatch(call -> call.contains(named))
                .allMatch(call -> call.startsWith(source + ":4 "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "System.getProperty('user.home')      | staticMethod java.lang.System getProperty java.lang.String",
                "new File('x')                        | new java.io.File java.lang.String",
                "'ls'.execute()                       | execute java.lang.String",
                "def env = env; env['HOME']           | getAt java.lang.Object java.lang.String",
                "currentBuild.rawBuild                | rawBuild",
                "params.clone()                       | method java.lang.Object clone",
            })
    void a_call_that_is_not_allowed_ends_the_pipeline_under_test(String code, String rule) {
        CpsWorld world = new CpsWorld(code).variable("params", new HashMap<>(Map.of("A", "1")));

        assertThatThrownBy(world::run)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The sandbox would reject")
                .hasMessageContaining(rule);
    }

    /** The sandbox asks the class object, which has no such method; without static it asks the instance, which has. */
    @Test
    void a_closure_that_calls_a_static_method_of_its_class_ends_the_pipeline_under_test() {
        CpsWorld world = new CpsWorld(
                """
                class Numbers {
                    @NonCPS static int two() { def closure = { -> one() }; return closure() + one() }
                    @NonCPS static int one() { return 1 }
                }
                Numbers.two()
                """);

        assertThatThrownBy(world::run)
                .hasMessageContaining("The sandbox would reject")
                .hasMessageContaining("DefaultGroovyMethods invokeMethod java.lang.Object java.lang.String");
    }

    private List<String> rejected(List<Call> calls) {
        return calls.stream()
                .filter(call -> rules.rules().values().stream().noneMatch(rule -> isFor(rule, call)))
                .map(call -> call.place() + " " + call.code())
                .toList();
    }

    private static boolean isFor(Rule rule, Call call) {
        return call.anyOf().stream().anyMatch(meant -> rule.fits(meant.name(), meant.arguments()));
    }

    /** Of vars/, src/ and the jobs to copy, all of which users run in the sandbox. */
    private static List<Call> calls() throws IOException {
        List<Call> calls =
                new ArrayList<>(calls(LibraryFilesTest.groovySources().toList()));
        try (Stream<Path> jobs = Files.list(Path.of("resources/jenkins"))) {
            // One by one, because the name of the file makes them all the class Jenkinsfile.
            jobs.filter(job -> job.getFileName().toString().startsWith("Jenkinsfile"))
                    .forEach(job -> calls.addAll(calls(List.of(job))));
        }
        return calls;
    }

    private static List<Call> calls(List<Path> sources) {
        return GroovyCalls.in(sources, ControllerClasses.withoutCps(), ControllerClasses.language());
    }
}
