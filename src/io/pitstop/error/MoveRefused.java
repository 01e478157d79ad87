package io.pitstop.error;

import java.util.Optional;

/** Unsafe, a precondition does not hold, or somebody else is at it; nothing was touched. */
public final class MoveRefused extends PitstopException {
    private static final long serialVersionUID = 1L;

    private final String busy;

    public MoveRefused(String message, String hint) {
        this(message, hint, (Throwable) null);
    }

    public MoveRefused(String message, String hint, Throwable cause) {
        super(message, hint, cause);
        this.busy = "";
    }

    private MoveRefused(String message, String hint, String busy) {
        super(message, hint, null);
        this.busy = busy;
    }

    /** Refused because {@code release} is unfinished: the same may be done once it has ended. */
    public static MoveRefused busy(String release, String message, String hint) {
        return new MoveRefused(message, hint, release);
    }

    /** Id of the unfinished release that is in the way; empty if this was refused for another reason. */
    public Optional<String> busy() {
        return busy.isEmpty() ? Optional.empty() : Optional.of(busy);
    }

    @Override
    public int exitCode() {
        return 3;
    }
}
