package io.pitstop.jtf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads a file that somebody else is still writing. */
final class Tail implements AutoCloseable {
    private static final int LONGEST_REST = 8 * 1024;

    private final InputStream file;
    private final byte[] buffer = new byte[64 * 1024];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Tail(Path file) throws IOException {
        this.file = Files.newInputStream(file);
    }

    /** Passes on the lines that were finished since the last call. */
    void forEach(Consumer<String> lines) throws IOException {
        for (int read = file.read(buffer); read > 0; read = file.read(buffer)) {
            for (int i = 0; i < read; i++) {
                if (buffer[i] == '\n') {
                    lines.accept(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else {
                    line.write(buffer[i]);
                }
            }
        }
    }

    /** What is there and was not read yet; the end of it if it is long, as it is with TF_LOG. */
    String rest() throws IOException {
        file.skip(Math.max(0, file.available() - LONGEST_REST));
        return new String(file.readNBytes(LONGEST_REST), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
