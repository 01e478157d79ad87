package io.pitstop.check.trial;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** A place where a scratch database may come from. */
@FunctionalInterface
public interface ScratchSource {
    /**
     * Opens a database.
     *
     * @param major version of PostgreSQL that it must be; empty for any
     * @param reason told why there is none, in a few words
     * @return empty if there is none here
     * @throws io.pitstop.error.PitstopException if there is one that must not be used, or that fails
     */
    Optional<Scratch> open(OptionalInt major, Consumer<String> reason);
}
