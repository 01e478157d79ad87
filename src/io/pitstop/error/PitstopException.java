package io.pitstop.error;

/**
 * A failure the operator can act on.
 *
 * <p>The subtypes are told apart by what to do next, not by where things broke, because that is what the exit code is
 * for: Jenkins decides from it whether to retry, roll back or call a human. Anything thrown that is not a
 * {@code PitstopException} is a defect of Pitstop and exits with 1.
 */
public abstract sealed class PitstopException extends RuntimeException
        permits InvalidConfig, MoveRefused, CheckFailed, DependencyFailed, OutcomeUnknown, Interrupted {
    private static final long serialVersionUID = 1L;

    private final String hint;

    PitstopException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** Process exit code; part of the public contract, see README "Exit codes". */
    public abstract int exitCode();

    /** The next action for the operator: one imperative sentence. */
    public String hint() {
        return hint;
    }
}
