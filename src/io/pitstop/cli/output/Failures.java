package io.pitstop.cli.output;

import io.pitstop.error.PitstopException;
import java.io.PrintWriter;

/** How a failure is told to people. */
public final class Failures {
    private Failures() {}

    /** @return the exit code */
    public static int print(PrintWriter err, PitstopException failure) {
        err.println("pitstop: " + failure.getMessage());
        err.println("Next: " + failure.hint());
        err.flush();
        return failure.exitCode();
    }
}
