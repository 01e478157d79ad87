package io.pitstop.explore;

import io.pitstop.error.PitstopException;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * How a command ended.
 *
 * @param exit 0 done, 1 a defect, else by the type of the failure; -1 if it has to be run again for the rest
 */
record Outcome(int exit, String message) {
    static final int TO_GO_ON = -1;

    /** What a command does. */
    interface Command {
        /** @return true if it has to be run again for the rest */
        boolean run();
    }

    static Outcome of(Command command) {
        try {
            return command.run() ? new Outcome(TO_GO_ON, "") : new Outcome(0, "");
        } catch (PitstopException e) {
            return new Outcome(e.exitCode(), e.getMessage());
        } catch (RuntimeException | Error defect) {
            StringWriter trace = new StringWriter();
            defect.printStackTrace(new PrintWriter(trace));
            return new Outcome(1, trace.toString());
        }
    }

    boolean isDone() {
        return exit == 0;
    }

    boolean isRefused() {
        return exit == 3 || exit == 2;
    }

    String word() {
        return switch (exit) {
            case TO_GO_ON -> "begun";
            case 0 -> "done";
            case 2, 3 -> "refused";
            case 4 -> "failed";
            default -> "exit " + exit;
        };
    }
}
