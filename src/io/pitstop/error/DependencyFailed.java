package io.pitstop.error;

/** The database, Terraform, the router or AWS did not do its part; the step is safe to run again. */
public final class DependencyFailed extends PitstopException {
    private static final long serialVersionUID = 1L;

    public DependencyFailed(String message, String hint) {
        this(message, hint, null);
    }

    public DependencyFailed(String message, String hint, Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public int exitCode() {
        return 5;
    }
}
