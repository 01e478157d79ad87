package io.pitstop.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.step.StepResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The JSON object that tells the caller of a command how it ended. */
final class ResultFile {
    private final Optional<Path> file;
    private final String command;

    ResultFile(Optional<Path> file, String command) {
        this.file = file.map(Path::toAbsolutePath);
        this.command = command;
    }

    /** Removes what an earlier run left: an old result must not pass for ours. */
    void prepare() {
        if (file.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(file.get().getParent());
            Files.deleteIfExists(file.get());
        } catch (IOException e) {
            throw new InvalidConfig(
                    "--result " + file.get() + " cannot be written: " + e + ".",
                    "Name a file in a folder of yours.",
                    e);
        }
    }

    /**
     * {@code command}, the step's own record, and {@code facts}: what holds for the release now.
     *
     * @throws DependencyFailed if there is no room for it, say
     */
    void write(StepResult result, List<String> facts) {
        ObjectMapper json = Json.mapper();
        ObjectNode root = json.createObjectNode().put("command", command);
        root.setAll((ObjectNode) json.<JsonNode>valueToTree(result));
        root.set("facts", json.valueToTree(facts));
        try {
            write(root);
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The step is done, but its result cannot be written to " + file.orElseThrow() + ": " + e + ".",
                    "Make room for the file, then run the step again: it finds nothing left to do and writes it.",
                    e);
        }
    }

    /**
     * {@code command, exitCode, message, hint}.
     *
     * @param err is told if the file cannot be written: the failure itself matters more
     */
    void write(PitstopException failure, PrintWriter err) {
        try {
            write(Json.mapper()
                    .createObjectNode()
                    .put("command", command)
                    .put("exitCode", failure.exitCode())
                    .put("message", failure.getMessage())
                    .put("hint", failure.hint()));
        } catch (IOException e) {
            err.println("pitstop: " + file.orElseThrow() + " cannot be written: " + e + ".");
        }
    }

    private void write(ObjectNode root) throws IOException {
        if (file.isEmpty()) {
            return;
        }
        // Moved into place whole: whoever waits for the file must not read half of it.
        Path draft = file.get().resolveSibling(file.get().getFileName() + ".new");
        Json.mapper().writerWithDefaultPrettyPrinter().writeValue(draft.toFile(), root);
        Files.move(draft, file.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
