package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lesfurets.jenkins.unit.BasePipelineTest;
import com.lesfurets.jenkins.unit.MethodCall;
import groovy.lang.Closure;
import groovy.lang.Script;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every step under JenkinsPipelineUnit, without the CPS transformation: the calls it makes, and how it fails. */
class PipelineUnitTest extends BasePipelineTest {
    private int exitCode;
    private boolean resultWritten = true;
    private String result = "{\"release\": \"r1\", \"agent\": \"0.1.0\"}";

    static Stream<String> steps() {
        return StepReference.commandSteps();
    }

    @BeforeEach
    void steps_of_a_node() throws Exception {
        setScriptRoots(new String[] {"src", "vars"});
        setUp();
        getBinding().setVariable("env", new HashMap<>());
        allow("libraryResource", String.class, path -> "pitstop_find");
        allow("writeFile", Map.class, arguments -> null);
        allow("sh", Map.class, arguments -> exitCode);
        allow("fileExists", String.class, file -> resultWritten);
        allow("readFile", Map.class, arguments -> result);
        allow("error", String.class, message -> {
            throw new BuildFailed((String) message);
        });
    }

    @ParameterizedTest
    @MethodSource("steps")
    void a_step_makes_one_shell_call_and_reads_the_result_that_it_asked_for(String step) throws Exception {
        Object returned = call(step, Map.of("release", "r 1", "config", "ops/pitstop.yml"));

        assertThat(returned).extracting("release").isEqualTo("r1");
        assertThat(called("sh")).hasSize(1);
        Map<?, ?> shell = (Map<?, ?>) called("sh").get(0);
        String command = StepReference.command(step);
        assertThat(shell.get("returnStatus")).isEqualTo(true);
        assertThat(shell.get("label")).isEqualTo("pitstop " + command);
        assertThat((String) shell.get("script"))
                .contains("set -x\npitstop " + command + " ")
                .contains(" --release 'r 1'", " --config ops/pitstop.yml")
                .endsWith(" --result " + called("fileExists").get(0));
        assertThat(((Map<?, ?>) called("readFile").get(0)).get("file"))
                .isEqualTo(called("fileExists").get(0));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void a_failed_command_fails_the_build_with_its_message(String step) {
        exitCode = 5;
        result = "{\"agent\": \"0.1.0\", \"message\": \"Terraform failed.\", \"hint\": \"Run the step again.\"}";

        assertThatThrownBy(() -> call(step, Map.of()))
                .hasMessage(StepReference.command(step)
                        + " failed (exit code 5): Terraform failed. Next: Run the step again.");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void a_command_without_a_result_fails_the_build(String step) {
        resultWritten = false;

        assertThatThrownBy(() -> call(step, Map.of())).hasMessageContaining("before it could explain");
        assertThat(called("readFile")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void credentials_are_bound_before_the_shell_is_called_and_nothing_else_is_called_with_them(String step)
            throws Exception {
        allowBlock("withCredentials", List.class);

        call(step, Map.of("credentialsId", "blog-db", "awsCredentialsId", "deployer"));

        assertThat(called("withCredentials")).hasSize(1);
        assertThat(names())
                .containsSubsequence("libraryResource", "writeFile", "withCredentials", "sh", "fileExists", "readFile")
                .containsSequence("withCredentials", "sh", "fileExists");
        assertThat(called("sh").toString()).doesNotContain("blog-db").doesNotContain("deployer");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void an_aborted_shell_ends_the_step_there(String step) {
        allow("sh", Map.class, arguments -> {
            throw new BuildAborted("Aborted by bob");
        });

        assertThatThrownBy(() -> call(step, Map.of("retries", 2))).isInstanceOf(BuildAborted.class);
        assertThat(names()).endsWith("sh");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void plugins_that_are_absent_are_not_missed(String step) throws Exception {
        allowBlock("catchError", Map.class);
        for (String publisher : List.of("junit", "recordIssues", "publishHTML", "sarif")) {
            allow(publisher, Map.class, arguments -> {
                throw new NoSuchMethodError("No such DSL method '" + publisher + "' found among steps [sh]");
            });
        }

        assertThat(call(step, Map.of("junit", "a.xml", "sarif", "b.sarif", "report", "site")))
                .extracting("exitCode")
                .isEqualTo(0);
        assertThat(names()).contains("junit", "sarif", "publishHTML");
    }

    @Test
    void approve_asks_between_two_calls_of_the_agent_and_passes_on_who_said_yes_to_what() throws Exception {
        allowBlock("node", String.class);
        allowBlock("timeout", Map.class);
        allow("checkout", Object.class, source -> Map.of("GIT_COMMIT", "c0ffee"));
        allow("echo", String.class, text -> null);
        allow("input", Map.class, question -> {
            result = "{\"release\": \"r1\", \"agent\": \"0.1.0\", \"open\": false}";
            return "eve";
        });
        getBinding().setVariable("scm", "scm");
        result =
                "{\"release\": \"r1\", \"agent\": \"0.1.0\", \"step\": \"contract\", \"open\": true, \"hash\": \"abc\","
                        + " \"question\": \"Approve contract?\"}";

        call(
                "approve",
                Map.of("step", "contract", "label", "linux", "timeout", "7d", "submitter", "ops", "retries", 2));

        assertThat(called("node")).containsExactly("linux", "linux");
        assertThat(called("timeout")).containsExactly(Map.of("time", 7, "unit", "DAYS"));
        assertThat(called("input"))
                .containsExactly(Map.of(
                        "id", "approve-contract",
                        "message", "Approve contract?",
                        "ok", "Approve",
                        "submitter", "ops",
                        "submitterParameter", "APPROVER"));
        assertThat(called("sh"))
                .extracting(
                        shell -> ((Map<?, ?>) shell).get("script").toString().replaceAll("(?s).*\n| --result.*", ""))
                .containsExactly(
                        "pitstop approve --step contract",
                        "pitstop approve --step contract --release r1 --by eve --hash abc");
    }

    @Test
    void a_whole_release_gives_every_command_what_is_meant_for_it() throws Exception {
        allowBlock("node", String.class);
        allowBlock("stage", String.class);
        allowBlock("catchError", Map.class);
        allow("checkout", Object.class, source -> Map.of("GIT_COMMIT", "c0ffee"));
        allow("junit", Map.class, files -> null);
        allow("publishHTML", Map.class, page -> null);
        getBinding().setVariable("scm", "scm");
        result = "{\"release\": \"r1\", \"agent\": \"0.1.0\", \"contractDueInSeconds\": 0}";

        call(
                "pitstopPipeline",
                Map.of(
                        "version",
                        "2.4.0",
                        "label",
                        "linux",
                        "config",
                        "ops/pitstop.yml",
                        "steps",
                        List.of(5, 100),
                        "check",
                        false,
                        "approvals",
                        List.of()));

        assertThat(called("node")).hasSize(6).containsOnly("linux");
        assertThat(called("sh"))
                .extracting(
                        shell -> ((Map<?, ?>) shell).get("script").toString().replaceAll("(?s).*\n| --result.*", ""))
                .containsExactly(
                        "pitstop migrate-expand --config ops/pitstop.yml --version 2.4.0",
                        "pitstop backfill --release r1 --config ops/pitstop.yml",
                        "pitstop deploy-green --release r1 --config ops/pitstop.yml --version 2.4.0",
                        "pitstop smoke-test --release r1 --config ops/pitstop.yml --junit .pitstop/smoke-test.xml",
                        "pitstop switch-traffic --release r1 --config ops/pitstop.yml --steps 5,100 --watch 3m",
                        "pitstop status --release r1 --config ops/pitstop.yml --report .pitstop/report",
                        "pitstop status --release r1 --config ops/pitstop.yml --report .pitstop/report",
                        "pitstop contract --release r1 --config ops/pitstop.yml",
                        "pitstop status --release r1 --config ops/pitstop.yml --report .pitstop/report");
    }

    private Object call(String step, Map<String, Object> parameters) throws Exception {
        Script script = getHelper().loadScript(step + ".groovy", getBinding());
        return InvokerHelper.invokeMethod(script, "call", new Object[] {new HashMap<>(parameters)});
    }

    /** All steps that were called, in order. */
    private List<String> names() {
        return getHelper().getCallStack().stream()
                .map(MethodCall::getMethodName)
                .filter(name -> !name.equals("call"))
                .toList();
    }

    /** The first arguments of the calls of one step. */
    private List<Object> called(String step) {
        return getHelper().getCallStack().stream()
                .filter(call -> call.getMethodName().equals(step))
                .map(MethodCall::getArgs)
                .map(arguments -> arguments[0])
                .toList();
    }

    private void allow(String step, Class<?> argument, Function<Object, Object> answer) {
        getHelper().registerAllowedMethod(step, List.of(argument), new Answer(argument, answer));
    }

    private void allowBlock(String step, Class<?> argument) {
        getHelper().registerAllowedMethod(step, List.of(argument, Closure.class), new Block(argument));
    }

    /** A step that runs its body. */
    private static final class Block extends Closure<Object> {
        private static final long serialVersionUID = 1L;

        Block(Class<?> argument) {
            super(null);
            this.maximumNumberOfParameters = 2;
            this.parameterTypes = new Class<?>[] {argument, Closure.class};
        }

        @Override
        public Object call(Object... arguments) {
            return ((Closure<?>) arguments[1]).call();
        }
    }

    private static final class Answer extends Closure<Object> {
        private static final long serialVersionUID = 1L;

        private final transient Function<Object, Object> answer;

        Answer(Class<?> argument, Function<Object, Object> answer) {
            super(null);
            this.answer = answer;
            this.maximumNumberOfParameters = 1;
            this.parameterTypes = new Class<?>[] {argument};
        }

        @Override
        public Object call(Object... arguments) {
            return answer.apply(arguments[0]);
        }

        @Override
        public Object call(Object argument) {
            return answer.apply(argument);
        }
    }
}
