package io.pitstop.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Fact;
import io.pitstop.release.Release;
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
     * {@code command}, the step's own record, and of the release {@code application}, {@code version} and {@code facts}:
     * what holds for it now.
     *
     * @param release empty if the step worked without the journal
     * @throws DependencyFailed if there is no room for it, say
     */
    void write(StepResult result, Optional<Release> release) {
        ObjectMapper json = Json.mapper();
        ObjectNode root = json.createObjectNode().put("command", command);
        root.setAll((ObjectNode) json.<JsonNode>valueToTree(result));
        release.ifPresent(found -> root.put("application", found.application()).put("version", found.version()));
        root.set("facts", json.valueToTree(release.map(ResultFile::facts).orElse(List.of())));
        try {
            write(root);
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The step is done, but its result cannot be written to " + file.orElseThrow() + ": " + e + ".",
                    "Make room for the file, then run the step again: it finds nothing left to do and writes it.",
                    e);
        }
    }

    private static List<String> facts(Release release) {
        return release.facts().keySet().stream().sorted().map(Fact::words).toList();
    }

    /**
     * {@code command, exitCode, message, hint}; also {@code busy}, the id of the release that is in the way, if it is
     * that.
     *
     * @param err is told if the file cannot be written: the failure itself matters more
     */
    void write(PitstopException failure, PrintWriter err) {
        try {
            ObjectNode root = Json.mapper()
                    .createObjectNode()
                    .put("command", command)
                    .put("exitCode", failure.exitCode())
                    .put("message", failure.getMessage())
                    .put("hint", failure.hint());
            if (failure instanceof MoveRefused refused) {
                refused.busy().ifPresent(release -> root.put("busy", release));
            }
            write(root);
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
