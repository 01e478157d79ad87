package io.pitstop.prove.place;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One command of the agent in a process of its own. */
public final class RunningCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Longer than any step of a release of this size takes; who needs more hangs. */
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private final Process process;
    private final Path resultFile;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Thread reader;

    RunningCommand(Process process, Path resultFile) {
        this.process = process;
        this.resultFile = resultFile;
        this.reader = new Thread(this::read, "output of the agent");
        reader.setDaemon(true);
        reader.start();
    }

    /** Ends it as a power cut would; returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("the agent died");
        }
    }

    /** @param name such as INT */
    public void signal(String name) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " \"$0\"", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException("there is no shell", e);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("a signal was sent");
        }
    }

    /** Waits for its end; a command that hangs is killed and has exit code -1. */
    public Outcome outcome() {
        try {
            boolean ended = process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                kill();
            }
            reader.join(TimeUnit.SECONDS.toMillis(5));
            return new Outcome(ended ? process.exitValue() : -1, result(), List.copyOf(lines));
        } catch (InterruptedException e) {
            kill();
            throw Interrupted.whileDoing("the agent ran");
        }
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // It was killed while it was listened to: there is no more to hear.
            return;
        }
    }

    private JsonNode result() {
        try {
            return Files.exists(resultFile) ? JSON.readTree(resultFile.toFile()) : MissingNode.getInstance();
        } catch (IOException e) {
            throw new UncheckedIOException("the result of the agent cannot be read", e);
        }
    }
}
