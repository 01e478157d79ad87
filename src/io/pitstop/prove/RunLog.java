package io.pitstop.prove;

import io.pitstop.prove.place.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All that the commands of a run have printed, for whoever has to find out why it failed. */
final class RunLog {
    private final List<String> lines = new ArrayList<>();

    void add(String line) {
        lines.add(line);
    }

    void add(Outcome outcome, String... arguments) {
        lines.add("$ pitstop " + String.join(" ", arguments));
        outcome.lines().forEach(line -> lines.add("  " + line));
        lines.add("  exit code " + outcome.exitCode());
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Writes it beside the program, and says where. */
    Path write(Path folder, String name) {
        try {
            Files.createDirectories(folder);
            return Files.write(folder.resolve(name), lines);
        } catch (IOException e) {
            throw new UncheckedIOException("the log cannot be written to " + folder, e);
        }
    }
}
