package io.pitstop.prove.place;

import io.pitstop.demo.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A build node: a checkout of what the team has in its repository, and nothing that an earlier command left. */
public final class Node {
    private final Path folder;
    private final List<String> agent;
    private final Map<String, String> environment;
    private int commands;

    private Node(Path folder, List<String> agent, Map<String, String> environment) {
        this.folder = folder;
        this.agent = agent;
        this.environment = environment;
    }

    /**
     * @param folder of the node, made here
     * @param replaced what to put for what in the stage's pitstop.yml
     * @param more variables of the agent's environment
     */
    static Node of(Path folder, Stage stage, Map<String, String> replaced, Map<String, String> more) {
        try {
            copy(stage.folder().resolve("db"), folder.resolve("db"));
            Path temporary = Files.createDirectory(folder.resolve("tmp"));
            String config = Files.readString(stage.configFile());
            for (Map.Entry<String, String> value : replaced.entrySet()) {
                config = config.replace(value.getKey(), value.getValue());
            }
            Files.writeString(folder.resolve("pitstop.yml"), config);
            Map<String, String> environment = new HashMap<>(stage.environment());
            environment.putAll(more);
            environment.put("TMPDIR", temporary.toString());
            environment.put("PITSTOP_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
            return new Node(folder, stage.agent(), environment);
        } catch (IOException e) {
            throw new UncheckedIOException("no node can be made in " + folder, e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Changes the node's pitstop.yml, as a commit between two steps would. */
    public void edit(String what, String into) {
        try {
            Path config = folder.resolve("pitstop.yml");
            Files.writeString(config, Files.readString(config).replace(what, into));
        } catch (IOException e) {
            throw new UncheckedIOException("pitstop.yml cannot be changed", e);
        }
    }

    /** The agents that are started from now on see this clock. */
    void see(NodeClock clock) {
        environment.putAll(clock.environment());
    }

    /** Runs a command to its end. */
    public Outcome run(String... arguments) {
        return start(arguments).outcome();
    }

    /** Starts a command; its output and errors are one stream. */
    public synchronized RunningCommand start(String... arguments) {
        Path result = folder.resolve("result-" + commands++ + ".json");
        List<String> command = new ArrayList<>(agent);
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", folder.resolve("pitstop.yml").toString()));
        if (!arguments[0].equals("status")) {
            command.addAll(List.of("--result", result.toString()));
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new RunningCommand(process, result);
        } catch (IOException e) {
            throw new UncheckedIOException("the agent cannot be started", e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
