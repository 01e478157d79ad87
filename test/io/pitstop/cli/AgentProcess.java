package io.pitstop.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The agent as users start it: a process with its own environment, exit code and output. */
public final class AgentProcess {
    private final Path folder;
    private final Map<String, String> environment;
    private final String classPath;

    /** @param environment added to this process's own */
    public AgentProcess(Path folder, Map<String, String> environment) {
        this(folder, environment, System.getProperty("java.class.path"));
    }

    private AgentProcess(Path folder, Map<String, String> environment, String classPath) {
        this.folder = folder;
        this.environment = new HashMap<>(environment);
        this.classPath = classPath;
    }

    /** The same agent, which takes the classes of a jar instead of its own. */
    public AgentProcess with(Path jar) {
        return new AgentProcess(folder, environment, jar + File.pathSeparator + classPath);
    }

    /** @param output what it printed, errors too */
    public record Ended(int exitCode, String output) {}

    public Ended run(String... arguments) throws IOException, InterruptedException {
        return run(command(arguments), arguments);
    }

    /** On a terminal of its own, as a person would see it; needs the program script. */
    Ended runOnTerminal(String... arguments) throws IOException, InterruptedException {
        String line = command(arguments).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        return run(List.of("script", "-qec", line, "/dev/null"), arguments);
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "io.pitstop.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    private Ended run(List<String> command, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().remove("PITSTOP_DB_USER");
        builder.environment().remove("PITSTOP_DB_PASSWORD");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("pitstop " + List.of(arguments) + " does not end: " + output);
        }
        return new Ended(process.exitValue(), output);
    }
}
