package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lesfurets.jenkins.unit.BasePipelineTest;
import groovy.lang.Closure;
import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyCodeSource;
import groovy.lang.Script;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every job to copy under JenkinsPipelineUnit, without the CPS transformation and with no plugin but those that the
 * library needs: which commands it starts in which order, with which credentials, and how it ends.
 */
class PipelineUnitJobsTest extends BasePipelineTest {
    @TempDir
    Path folder;

    /** Such as {@code pitstop rollback}, each time the shell is asked for it. */
    private final List<String> commands = new ArrayList<>();

    private final List<List<Object>> credentials = new ArrayList<>();
    private final List<String> bound = new ArrayList<>();
    private String failing = "none";

    static Stream<Path> jobs() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("resources/jenkins"))) {
            return files
                    .filter(file -> file.getFileName().toString().startsWith("Jenkinsfile"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<Path> jobsThatAsk() throws Exception {
        return jobs().filter(job ->
                !job.toString().endsWith(".backfill") && !job.toString().endsWith(".pull-request"));
    }

    @BeforeEach
    void jenkins() throws Exception {
        setScriptRoots(new String[] {"src", "vars", folder.toString()});
        setUp();
        blocks();
        plainSteps();
        nodeSteps();
        StepReference.all().forEach(this::libraryStep);
        getBinding().setVariable("params", parameters());
        getBinding().setVariable("scm", "scm");
        getBinding().setVariable("none", "none");
        getBinding().setVariable("any", "any");
        getBinding().setVariable("env", new HashMap<>());
        getBinding().setVariable("currentBuild", new BuildRun());
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void a_job_runs_its_commands_in_order_without_optional_plugins(Path job) throws Exception {
        run(job);

        assertThat(commands).isEqualTo(expected(job));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void the_database_is_opened_for_every_command_that_needs_it_and_for_nothing_else(Path job) throws Exception {
        run(job);

        boolean needsNone = job.toString().endsWith("pull-request");
        assertThat(bound).hasSameSizeAs(commands).containsOnly(needsNone ? "" : "blog-db");
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void a_failed_command_fails_the_job_with_what_to_do_next(Path job) throws Exception {
        List<String> all = expected(job);
        failing = all.get(all.size() - 1);

        assertThatThrownBy(() -> run(job)).hasStackTraceContaining("It broke. Next: Mend it.");
        assertThat(commands).isEqualTo(all);
    }

    @ParameterizedTest
    @MethodSource("jobsThatAsk")
    void an_abort_while_people_are_asked_starts_nothing_that_moves_users_on(Path job) {
        allow("input", Map.class, arguments -> {
            throw new BuildAborted("Aborted by bob");
        });

        assertThatThrownBy(() -> run(job)).hasStackTraceContaining("Aborted by bob");
        assertThat(commands).doesNotContain("switch-traffic", "contract", "rollback");
    }

    private static List<String> expected(Path job) {
        return switch (job.getFileName().toString()) {
            case "Jenkinsfile.rollback" -> List.of("rollback");
            case "Jenkinsfile.backfill" -> List.of("backfill");
            case "Jenkinsfile.pull-request" -> List.of("check");
            case "Jenkinsfile.contract" -> List.of("status", "approve", "approve", "contract");
            default -> List.of(
                    "migrate-expand",
                    "deploy-green",
                    "smoke-test",
                    "backfill",
                    "approve",
                    "approve",
                    "switch-traffic",
                    "approve",
                    "approve",
                    "contract");
        };
    }

    /** Without its first line, because the library is this working copy. */
    private void run(Path job) throws Exception {
        String text = Files.readString(job);
        assertThat(text).startsWith("@Library('pitstop') _\n");
        Files.writeString(folder.resolve("job.groovy"), text.substring(text.indexOf('\n')));
        getHelper().runScript("job.groovy", getBinding());
    }

    private static Map<String, Object> parameters() {
        return new HashMap<>(Map.of(
                "VERSION",
                "2.4.0",
                "RELEASE",
                "",
                "BATCH_ROWS",
                "5000",
                "NODES",
                "1",
                "ABANDON",
                false,
                "WITHOUT_JOURNAL",
                "no"));
    }

    private void blocks() throws Exception {
        GroovyClassLoader plain = new GroovyClassLoader(getClass().getClassLoader());
        Class<?> declarative =
                plain.parseClass(new GroovyCodeSource(new File("test/io/pitstop/jenkins/Declarative.groovy"), "UTF-8"));
        allow("pipeline", Closure.class, arguments -> {
            Closure<?> body = (Closure<?>) arguments[0];
            return InvokerHelper.invokeStaticMethod(
                    declarative, "run", new Object[] {(Script) body.getThisObject(), body});
        });
        for (String block : List.of("node", "stage")) {
            allow(block, List.of(String.class, Closure.class), arguments -> ((Closure<?>) arguments[1]).call());
        }
        for (String block : List.of("timeout", "retry", "catchError")) {
            allow(block, List.of(Map.class, Closure.class), arguments -> ((Closure<?>) arguments[1]).call());
        }
        allow("script", Closure.class, arguments -> ((Closure<?>) arguments[0]).call());
        allow("parallel", Map.class, arguments -> {
            ((Map<?, ?>) arguments[0]).values().forEach(branch -> ((Closure<?>) branch).call());
            return null;
        });
        allow("withCredentials", List.of(List.class, Closure.class), arguments -> {
            credentials.add(new ArrayList<>((List<?>) arguments[0]));
            try {
                return ((Closure<?>) arguments[1]).call();
            } finally {
                credentials.remove(credentials.size() - 1);
            }
        });
    }

    private void plainSteps() {
        for (String definition :
                List.of("string", "booleanParam", "choice", "archiveArtifacts", "sleep", "usernamePassword")) {
            allow(definition, Map.class, arguments -> arguments[0]);
        }
        for (String definition : List.of("properties", "parameters")) {
            allow(definition, List.class, arguments -> null);
        }
        allow("pipelineTriggers", List.class, arguments -> null);
        allow("cron", String.class, arguments -> null);
        for (String definition : List.of("disableConcurrentBuilds", "agent", "nonresumable")) {
            allow(definition, List.of(), arguments -> definition);
        }
        // As Jenkins tells that no plugin brings a step.
        for (String absent : List.of("junit", "recordIssues", "publishHTML", "sarif")) {
            allow(absent, Map.class, arguments -> {
                throw new NoSuchMethodError("No such DSL method '" + absent + "' found among steps");
            });
        }
        allow("checkout", Object.class, arguments -> new HashMap<>(Map.of("GIT_COMMIT", "c0ffee")));
        allow("echo", String.class, arguments -> null);
        allow("input", Map.class, arguments -> "alice");
        allow("error", String.class, arguments -> {
            throw new BuildFailed((String) arguments[0]);
        });
    }

    private void nodeSteps() {
        allow("sh", String.class, arguments -> null);
        allow("sh", Map.class, arguments -> shell((Map<?, ?>) arguments[0]));
        allow("fileExists", String.class, arguments -> true);
        allow("readFile", Map.class, arguments -> result());
        allow("writeFile", Map.class, arguments -> null);
        allow("libraryResource", String.class, arguments -> "");
    }

    private Object shell(Map<?, ?> call) {
        String label = String.valueOf(call.get("label"));
        if (!label.startsWith("pitstop ")) {
            return 0;
        }
        commands.add(label.substring("pitstop ".length()));
        bound.add(credentials.isEmpty() ? "" : idOf(credentials.get(credentials.size() - 1)));
        return commands.get(commands.size() - 1).equals(failing) ? 4 : 0;
    }

    private static String idOf(List<Object> bindings) {
        return String.valueOf(((Map<?, ?>) bindings.get(0)).get("credentialsId"));
    }

    private String result() {
        return """
                {"release": "blog-2.4.0-1", "application": "blog", "version": "2.4.0", "step": "switch-traffic", "open": true,
                 "question": "Shall we?", "hash": "0a", "contractDue": "2026-01-01T00:00:00Z", "contractDueInSeconds": 0,
                 "facts": [], "message": "It broke.", "hint": "Mend it.", "agent": "0.1.0"}
                """;
    }

    private void libraryStep(String step) {
        Function<Object[], Object> call = arguments -> {
            Script script = getHelper().loadScript(step + ".groovy", getBinding());
            Object[] parameters = arguments.length == 0 ? new Object[] {new HashMap<>()} : arguments;
            return InvokerHelper.invokeMethod(script, "call", parameters);
        };
        allow(step, Map.class, call);
        allow(step, List.of(), call);
    }

    private void allow(String step, Class<?> argument, Function<Object[], Object> answer) {
        allow(step, List.of(argument), answer);
    }

    @SuppressWarnings("rawtypes")
    private void allow(String step, List<Class> arguments, Function<Object[], Object> answer) {
        getHelper().registerAllowedMethod(step, arguments, new Answer(answer, arguments.toArray(Class<?>[]::new)));
    }
}
