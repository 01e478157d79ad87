package io.pitstop.error;

/** Input is wrong and nothing was touched: edit pitstop.yml or the options. */
public final class InvalidConfig extends PitstopException {
    private static final long serialVersionUID = 1L;

    public InvalidConfig(String message, String hint) {
        this(message, hint, null);
    }

    public InvalidConfig(String message, String hint, Throwable cause) {
        super(message, hint, cause);
    }

    @Override
    public int exitCode() {
        return 2;
    }
}
