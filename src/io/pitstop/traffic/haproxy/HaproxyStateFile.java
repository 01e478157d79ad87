package io.pitstop.traffic.haproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file from which HAProxy takes the weights of its servers when it is reloaded. */
final class HaproxyStateFile {
    private final Path file;

    HaproxyStateFile(Path file) {
        this.file = file;
    }

    /** @param state what {@code show servers state} told; HAProxy never finds half of it */
    void write(String state) throws IOException {
        // The version of its format, and the empty line that ends an answer.
        if (!state.startsWith("1\n") || !state.endsWith("\n\n")) {
            throw new IOException("HAProxy did not tell the state of all servers, but "
                    + state.lines().findFirst().orElse("nothing"));
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, state);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
