package io.pitstop.jtf;

import static java.util.stream.Collectors.joining;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turns what one command said into the error that tells the operator what to do next. */
final class Diagnosis {
    private static final int MOST_SHOWN = 5;

    private static final String LOCKED = "Error acquiring the state lock";

    private final String command;
    private final Path module;
    private final Path data;

    Diagnosis(String command, Path module, Path data) {
        this.command = command;
        this.module = module;
        this.data = data;
    }

    /**
     * True if the state was locked by somebody who let go of it just then: Terraform finds the lock taken, but nothing
     * that says by whom, and then does not wait for it as it was told to.
     */
    static boolean isLockThatVanished(List<Diagnostic> diagnostics) {
        return diagnostics.stream()
                .anyMatch(error -> error.error()
                        && error.summary().equals(LOCKED)
                        && error.find("ID:\\s+(\\S+)").isEmpty());
    }

    /** What a command's exit code says. */
    PitstopException failure(List<Diagnostic> diagnostics, Finished finished) {
        List<Diagnostic> errors =
                diagnostics.stream().filter(Diagnostic::error).distinct().toList();
        if (errors.isEmpty()) {
            return failed("exit code " + finished.exitCode() + said(finished.errors()));
        }
        for (Diagnostic error : errors) {
            switch (error.summary()) {
                case LOCKED -> {
                    return locked(error);
                }
                case "Saved plan is stale" -> {
                    return stale();
                }
                case "No value for required variable" -> {
                    return missing(error);
                }
                default -> {}
            }
        }
        String text = errors.stream().limit(MOST_SHOWN).map(this::located).collect(joining("\n"));
        // An apply was planned before, so its configuration is valid: what fails then is the world.
        boolean invalid = !command.equals("apply") && errors.stream().anyMatch(Diagnostic::isAboutTheModule);
        return invalid ? new InvalidConfig(text, "Correct the module or the values that it is given.") : world(text);
    }

    /** A value that nobody reads is a typing error, or a module that does not do what it is asked to. */
    void refuseUnread(List<Diagnostic> diagnostics) {
        for (Diagnostic warning : diagnostics) {
            if (warning.summary().equals("Value for undeclared variable")) {
                String name = warning.find("variable named \"([^\"]+)\"").orElse("?");
                throw new InvalidConfig(
                        module + " declares no variable " + name + ", but is given a value for it.",
                        "Correct the name, or declare the variable " + name + " in the module.");
            }
            if (warning.summary().equals("Missing backend configuration")) {
                throw new InvalidConfig(
                        module + " has no backend block, so nobody can say where its state lies.",
                        "Add a block such as backend \"local\" {} to its terraform block.");
            }
        }
    }

    DependencyFailed failed(String how) {
        return world(text(how));
    }

    private DependencyFailed world(String text) {
        UnsavedState unsaved = new UnsavedState(module, data);
        Optional<Path> kept = command.equals("apply") ? unsaved.keep() : Optional.empty();
        if (kept.isPresent()) {
            return new DependencyFailed(
                    text + "\nThe state could not be saved; it is kept in " + kept.get() + ".",
                    unsaved.push(kept.get()));
        }
        return new DependencyFailed(text, "Read what Terraform says, remove the cause and run it again.");
    }

    private DependencyFailed stale() {
        return new DependencyFailed(
                text("its plan is stale: somebody else has changed the state since it was made. Nothing was applied."),
                "Find out who else works on this state, and run it again: it plans anew.");
    }

    private String text(String how) {
        return "terraform " + command + " in " + module + ": " + how;
    }

    private DependencyFailed locked(Diagnostic error) {
        String id = error.find("ID:\\s+(\\S+)").orElse("unknown");
        return new DependencyFailed(
                "The state " + error.find("Path:[ \\t]+(.*)").orElse("of " + module) + " is locked by "
                        + error.find("Who:[ \\t]+(.*)").orElse("somebody") + " since "
                        + error.find("Created:[ \\t]+(.*)").orElse("an unknown time") + " for "
                        + error.find("Operation:[ \\t]+(.*)").orElse("an unknown operation") + " (lock " + id + ").",
                "Wait until that has ended; only if it is dead, run: " + terraform("force-unlock " + id));
    }

    private InvalidConfig missing(Diagnostic error) {
        String name = error.find("variable \"([^\"]+)\"").orElse("?");
        return new InvalidConfig(
                location(error) + "the variable " + name + " needs a value.",
                "Give a value for " + name + ", or set TF_VAR_" + name + " if it is a secret.");
    }

    private String located(Diagnostic error) {
        String address = error.address().isEmpty() ? "" : error.address() + ": ";
        return location(error) + address + error.text();
    }

    private String location(Diagnostic error) {
        Path file = module.resolve(error.file()).normalize();
        // The data folder holds our own files of values, which are no place to look at: they will be gone.
        boolean inside = !error.file().isEmpty() && file.startsWith(module) && !file.startsWith(data);
        return inside ? file + ":" + error.line() + ": " : text("");
    }

    private String terraform(String arguments) {
        return "TF_DATA_DIR=" + data + " terraform -chdir=" + module + " " + arguments;
    }

    private static String said(String errors) {
        return errors.isBlank() ? "." : ": " + errors.strip();
    }
}
