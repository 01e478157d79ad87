package io.pitstop.error;

/** Unsafe, a precondition does not hold, or somebody else is at it; nothing was touched. */
public final class MoveRefused extends PitstopException {
    private static final long serialVersionUID = 1L;

    public MoveRefused(String message, String hint) {
        this(message, hint, null);
    }

    public MoveRefused(String message, String hint, Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public int exitCode() {
        return 3;
    }
}
