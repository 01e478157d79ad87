package io.pitstop.cli;

import io.pitstop.error.PitstopException;
import java.io.PrintWriter;

/** How a failure is told to people. */
final class Failures {
    private Failures() {}

    /** @return the exit code */
    static int print(PrintWriter err, PitstopException failure) {
        err.println("pitstop: " + failure.getMessage());
        err.println("Next: " + failure.hint());
        err.flush();
        return failure.exitCode();
    }
}
