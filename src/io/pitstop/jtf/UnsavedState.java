package io.pitstop.jtf;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.MoveRefused;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;

/**
 * The state that Terraform could not save. It leaves it as {@code errored.tfstate} in the module's folder, where the next
 * one would take its place; so it is kept in the data folder. Until somebody has pushed it, Terraform knows nothing of
 * what it made last, and would make it again.
 */
final class UnsavedState {
    private static final String KEPT = "unsaved-";

    private final Path module;
    private final Path data;

    UnsavedState(Path module, Path data) {
        this.module = module;
        this.data = data;
    }

    /** Keeps what an apply has left; empty if it left nothing. */
    Optional<Path> keep() {
        Path left = module.resolve("errored.tfstate");
        if (!Files.exists(left)) {
            return Optional.empty();
        }
        String time = Instant.now().toString().replaceAll("[^0-9TZ]", "");
        Path kept = data.resolve(KEPT + time + ".tfstate");
        try {
            Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-------"));
            return Optional.of(Files.move(left, kept));
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The state could not be saved; it is in " + left + " and cannot be moved to " + kept + ": "
                            + e.getMessage() + ".",
                    push(left),
                    e);
        }
    }

    /** @throws MoveRefused if there is still one of this state, or one in the module's folder of nobody knows which */
    void refuse() {
        Path left = module.resolve("errored.tfstate");
        find().or(() -> Files.exists(left) ? Optional.of(left) : Optional.empty())
                .ifPresent(file -> {
                    throw new MoveRefused(
                            "A state that could not be saved is still in " + file
                                    + ": without it, Terraform would make again what is there already.",
                            push(file));
                });
    }

    /** What the operator does next. */
    String push(Path file) {
        return "Once the state can be written again, run: TF_DATA_DIR=" + data + " terraform -chdir=" + module
                + " state push " + file + "; then delete that file, which may hold secrets.";
    }

    private Optional<Path> find() {
        if (!Files.isDirectory(data)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data, KEPT + "*.tfstate")) {
            for (Path file : files) {
                return Optional.of(file);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new DependencyFailed(
                    "Cannot look into " + data + ": " + e.getMessage() + ".", "Check the rights of the folder.", e);
        }
    }
}
