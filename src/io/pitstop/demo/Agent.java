package io.pitstop.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pitstop.error.Interrupted;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Calls the agent on a stage as a user would: by its command line, in a process of its own. */
public final class Agent {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long STOP_WITHIN_SECONDS = 60;

    private final Stage stage;

    public Agent(Stage stage) {
        this.stage = stage;
    }

    /** @param result what the command wrote to its result file; a missing node if it wrote none */
    public record Outcome(int exitCode, JsonNode result, List<String> lines) {}

    /**
     * Runs one command to its end.
     *
     * @param lines gets what the command prints, line by line
     */
    public Outcome run(Consumer<String> lines, String... arguments) {
        List<String> printed = Collections.synchronizedList(new ArrayList<>());
        Path result = stage.folder().resolve(".pitstop/result-" + System.nanoTime() + ".json");
        Process process = start(result, arguments);
        // Reading cannot be interrupted, waiting can.
        Thread reader = new Thread(() -> read(process, lines.andThen(printed::add)), "output of " + arguments[0]);
        reader.setDaemon(true);
        reader.start();
        try {
            int exitCode = process.waitFor();
            reader.join();
            return new Outcome(exitCode, read(result), List.copyOf(printed));
        } catch (InterruptedException e) {
            throw stop(process);
        }
    }

    /** Starts one command; its output and errors are one stream. */
    public Process start(Path result, String... arguments) {
        List<String> command = new ArrayList<>(stage.agent());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", stage.configFile().toString()));
        if (takesResult(arguments[0])) {
            command.addAll(List.of("--result", result.toString()));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(stage.environment());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("the agent cannot be started", e);
        }
    }

    private static boolean takesResult(String command) {
        return !List.of("status", "plan", "doctor").contains(command);
    }

    private static void read(Process process, Consumer<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines);
        } catch (IOException | UncheckedIOException e) {
            // The command was stopped while it was listened to: there is no more to hear.
            return;
        }
    }

    private static JsonNode read(Path result) {
        try {
            return Files.exists(result) ? JSON.readTree(result.toFile()) : MissingNode.getInstance();
        } catch (IOException e) {
            throw new UncheckedIOException("the result of the agent cannot be read", e);
        }
    }

    private static Interrupted stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
        return Interrupted.whileDoing("the agent ran");
    }
}
