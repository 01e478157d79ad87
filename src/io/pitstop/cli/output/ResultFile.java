package io.pitstop.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.PitstopException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The JSON object that tells the caller of a command how it ended. */
public final class ResultFile {
    private final Optional<Path> file;
    private final String command;

    public ResultFile(Optional<Path> file, String command) {
        this.file = file.map(Path::toAbsolutePath);
        this.command = command;
    }

    /** The result file that a command line asks for, even if it asks for something else that makes no sense. */
    static ResultFile named(String[] arguments, String command) {
        int option = List.of(arguments).indexOf("--result");
        return new ResultFile(
                option >= 0 && option + 1 < arguments.length
                        ? Optional.of(Path.of(arguments[option + 1]))
                        : Optional.empty(),
                command);
    }

    /** Removes what an earlier run left: an old result must not pass for ours. */
    public void prepare() {
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
     * {@code command}, {@code agent} (its version), and what the command has to say.
     *
     * @throws DependencyFailed if there is no room for it, say
     */
    public void write(ObjectNode result) {
        try {
            writeWhole(root().setAll(result));
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The step is done, but its result cannot be written to " + file.orElseThrow() + ": " + e + ".",
                    "Make room for the file, then run the step again: it finds nothing left to do and writes it.",
                    e);
        }
    }

    /**
     * {@code command, agent, exitCode, message, hint}; also {@code busy}, the id of the release that is in the way, if
     * it is that.
     *
     * @param err is told if the file cannot be written: the failure itself matters more
     */
    public void write(PitstopException failure, PrintWriter err) {
        ObjectNode root = failure(failure.exitCode(), failure.getMessage(), failure.hint());
        if (failure instanceof MoveRefused refused) {
            refused.busy().ifPresent(release -> root.put("busy", release));
        }
        write(root, err);
    }

    /** As {@link #write(PitstopException, PrintWriter)}, for what is no such exception. */
    public void write(int exitCode, String message, String hint, PrintWriter err) {
        write(failure(exitCode, message, hint), err);
    }

    private ObjectNode failure(int exitCode, String message, String hint) {
        return root().put("exitCode", exitCode).put("message", message).put("hint", hint);
    }

    private void write(ObjectNode failure, PrintWriter err) {
        try {
            writeWhole(failure);
        } catch (IOException e) {
            err.println("pitstop: " + file.orElseThrow() + " cannot be written: " + e + ".");
        }
    }

    private ObjectNode root() {
        return Json.mapper().createObjectNode().put("command", command).put("agent", Version.ofThisJar());
    }

    private void writeWhole(ObjectNode root) throws IOException {
        if (file.isEmpty()) {
            return;
        }
        // Moved into place whole: whoever waits for the file must not read half of it.
        Files.createDirectories(file.get().getParent());
        Path draft = file.get().resolveSibling(file.get().getFileName() + ".new");
        Json.mapper().writerWithDefaultPrettyPrinter().writeValue(draft.toFile(), root);
        Files.move(draft, file.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
