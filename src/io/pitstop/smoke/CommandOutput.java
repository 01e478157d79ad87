package io.pitstop.smoke;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Passes on what a command prints, line by line while it prints, and remembers the last lines. */
final class CommandOutput {
    private static final int REMEMBERED = 10;
    private static final int LONGEST_LINE = 2_000;

    private final Consumer<String> lines;
    private final Deque<String> last = new ArrayDeque<>();
    private final Thread reading;
    private boolean open = true;

    CommandOutput(InputStream output, Consumer<String> lines) {
        this.lines = lines;
        reading = new Thread(() -> read(output), "smoke-command-output");
        reading.setDaemon(true);
        reading.start();
    }

    /**
     * Waits until all is read, but no longer than {@code patience}: a process that left the command's group could hold
     * the pipe open for ever. Nothing is passed on afterwards.
     */
    void close(Duration patience) throws InterruptedException {
        reading.join(patience.toMillis());
        synchronized (this) {
            open = false;
        }
    }

    /** The last lines, oldest first. */
    synchronized List<String> last() {
        return List.copyOf(last);
    }

    private void read(InputStream output) {
        try (Reader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int next = reader.read(); next >= 0; next = reader.read()) {
                if (next == '\n' || line.length() == LONGEST_LINE) {
                    pass(line);
                }
                if (next != '\n' && next != '\r') {
                    line.append((char) next);
                }
            }
            if (line.length() > 0) {
                pass(line);
            }
        } catch (IOException e) {
            // The command was ended and its pipe with it: there is nothing more to pass on.
            pass(new StringBuilder("(output ended: " + e.getMessage() + ")"));
        }
    }

    private synchronized void pass(StringBuilder line) {
        if (open) {
            if (last.size() == REMEMBERED) {
                last.removeFirst();
            }
            last.addLast(line.toString());
            lines.accept("  | " + line);
        }
        line.setLength(0);
    }
}
