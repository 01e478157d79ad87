package io.pitstop.jtf;

import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

/** Short-lived files in the data folder that only our own user may read: they may hold secrets. */
final class Scratch {
    private static final String PREFIX = "jtf-";

    private final Path folder;

    Scratch(Path folder) {
        this.folder = folder;
    }

    /** A new empty file, mode 600. */
    Path file(String suffix) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Files.createTempFile(folder, PREFIX, suffix); // mode 600 is what it promises
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    Path file(String suffix, byte[] content) {
        Path file = file(suffix);
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            delete(file);
            throw unusable(e);
        }
    }

    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Deletes what a process that was killed could not. */
    void deleteOlderThan(Duration age) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(Instant.now().minus(age))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private DependencyFailed unusable(IOException cause) {
        return new DependencyFailed(
                "Cannot write to " + folder + ": " + cause.getMessage() + ".",
                "Check the disk and the rights of the folder.",
                cause);
    }
}
