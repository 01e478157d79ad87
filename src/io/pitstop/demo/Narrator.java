package io.pitstop.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells what happens, one line per event, each with the time since the demo began. */
final class Narrator {
    private final PrintWriter out;
    private final long begun = System.nanoTime();

    Narrator(PrintWriter out) {
        this.out = out;
    }

    void say(String what) {
        double seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1_000.0;
        print(String.format(Locale.ROOT, "%6.1f s  %s", seconds, what));
    }

    /** What a command of the agent prints. */
    void quote(String line) {
        print("            | " + line);
    }

    synchronized void print(String line) {
        out.println(line);
        out.flush();
    }
}
