package io.pitstop.jenkins;

import io.pitstop.jenkins.CpsWorld.Made;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A build of pitstopPipeline on nodes with a real shell, whose agent answers as it is told. Jenkins restarts at every
 * step, or, if a command is told to fail, at every one from then on: until then it goes as a build in which nothing fails.
 */
final class PipelineBuild {
    private static final String DONE = "\"release\": \"blog-2.4.0-1\", \"message\": \"Done.\", \"facts\": []";

    private static final Map<String, Answer> BY_DEFAULT = Map.of(
            "check",
            new Answer("{\"message\": \"Found nothing.\"}", 0),
            "status",
            new Answer("{" + DONE + ", \"contractDueInSeconds\": 0}", 0),
            "approve",
            new Answer("{" + DONE + ", \"open\": true, \"hash\": \"abc\", \"question\": \"May it?\"}", 0));

    private final FakeNode node;
    private final CpsWorld jenkins;
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private String restartsFrom = "";
    private String aborted = "none";
    private String lost = "none";

    private record Answer(String json, int exitCode) {}

    /** @param parameters of pitstopPipeline beside the version, as they are written in a Jenkinsfile */
    PipelineBuild(Path folder, String parameters) throws IOException {
        this(
                new FakeNode(folder),
                new CpsWorld("pitstopPipeline([version: '2.4.0', check: true] + ["
                        + (parameters.isEmpty() ? ":" : parameters) + "])"));
    }

    private PipelineBuild(FakeNode node, CpsWorld jenkins) {
        this.node = node;
        this.jenkins = jenkins;
        node.serve(jenkins).on("sh", this::sh).on("unstash", call -> null).on("input", call -> "alice");
    }

    /** A build of a Jenkinsfile that calls pitstopPipeline. */
    static PipelineBuild of(Path folder, String jenkinsfile) throws IOException {
        return new PipelineBuild(new FakeNode(folder), new CpsWorld(jenkinsfile));
    }

    /** What the next run of a command adds to its result; when all are told, the last one again. */
    PipelineBuild does(String command, String more) {
        return answers(command, 0, "{" + DONE + (more.isEmpty() ? "" : ", " + more) + "}");
    }

    PipelineBuild fails(String command, int exitCode) {
        return fails(command, exitCode, "");
    }

    PipelineBuild fails(String command, int exitCode, String more) {
        restartsFrom = restartsFrom.isEmpty() ? command : restartsFrom;
        return answers(command, exitCode, "{\"message\": \"It broke.\", \"hint\": \"Mend it.\"" + more + "}");
    }

    /** Every run of a command ends without a result. */
    PipelineBuild dies(String command) {
        restartsFrom = command;
        return answers(command, 137, "");
    }

    /** Somebody stops the build when a command has run. */
    PipelineBuild aborts(String command) {
        aborted = command;
        restartsFrom = command;
        return this;
    }

    /** The node goes away while a command runs. */
    PipelineBuild loses(String command) {
        lost = command;
        restartsFrom = command;
        return this;
    }

    Object run() throws Throwable {
        return restartsFrom.isEmpty() ? jenkins.restarting().run() : jenkins.run();
    }

    CpsWorld jenkins() {
        return jenkins;
    }

    /** Every run of the agent, as it would be typed. */
    List<String> commands() throws IOException {
        return node.calls().stream().map(call -> String.join(" ", call)).toList();
    }

    /** The commands alone. */
    List<String> commandNames() throws IOException {
        return node.calls().stream().map(call -> call.get(0)).toList();
    }

    /** The commands that change something for the release. */
    List<String> moves() throws IOException {
        return commandNames().stream()
                .filter(command -> !List.of("check", "approve", "status").contains(command))
                .toList();
    }

    List<String> echoes() {
        return jenkins.made("echo").stream()
                .map(one -> String.valueOf(one.call().argument()))
                .toList();
    }

    /** The seconds of every sleep. */
    List<Object> sleeps() {
        return jenkins.made("sleep").stream()
                .map(one -> one.call().named("time"))
                .toList();
    }

    /** The waits that keep a node from others. */
    List<Made> waitsOnANode() {
        return jenkins.made().stream()
                .filter(one -> List.of("sleep", "input").contains(one.call().name()))
                .filter(one -> one.within().contains("node"))
                .toList();
    }

    Map<String, String> environment() throws IOException {
        return node.environments().get(0);
    }

    private PipelineBuild answers(String command, int exitCode, String json) {
        answers.computeIfAbsent(command, any -> new ArrayDeque<>()).add(new Answer(json, exitCode));
        return this;
    }

    private Object sh(StepCall call) {
        if (!String.valueOf(call.named("label")).startsWith("pitstop ")) {
            return null;
        }
        String command = call.named("label").toString().substring("pitstop ".length());
        if (command.equals(restartsFrom)) {
            jenkins.restarting();
        }
        Optional.ofNullable(answers.get(command))
                .map(told -> told.size() > 1 ? told.poll() : told.peek())
                .or(() -> Optional.ofNullable(BY_DEFAULT.get(command)))
                .ifPresent(answer -> node.answers(command, answer.json(), answer.exitCode()));
        Object exitCode = node.sh(call);
        if (command.equals(aborted)) {
            throw new BuildAborted("Aborted by bob");
        }
        if (command.equals(lost)) {
            throw new NodeLost("node-1 is gone");
        }
        return exitCode;
    }
}
