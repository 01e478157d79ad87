package io.pitstop.error;

/** The operator stopped the step; what it had begun is put back or can be gone on with by running it again. */
public final class Interrupted extends PitstopException {
    private static final long serialVersionUID = 1L;

    public Interrupted(String message, String hint) {
        super(message, hint, null);
    }

    /** Restores the thread's interrupt flag, so that whoever waits next stops too. */
    public static Interrupted whileDoing(String what) {
        Thread.currentThread().interrupt();
        return new Interrupted("Interrupted while " + what + ".", "Run the same command again to go on.");
    }

    /** 128 + SIGINT; a process that was ended by SIGTERM reports 143 itself. */
    @Override
    public int exitCode() {
        return 130;
    }
}
