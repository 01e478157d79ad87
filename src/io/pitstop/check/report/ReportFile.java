package io.pitstop.check.report;

import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that appears whole or not at all: a reader never sees half of it. */
final class ReportFile {
    private ReportFile() {}

    static void write(Path file, String text) {
        Path folder = file.toAbsolutePath().getParent();
        Path unfinished = folder.resolve("." + file.getFileName() + ".unfinished");
        try {
            Files.createDirectories(folder);
            Files.writeString(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new DependencyFailed(
                    "Cannot write the report " + file + ": " + e.getMessage() + ".",
                    "Make the folder writable, or name another file.",
                    e);
        }
    }
}
