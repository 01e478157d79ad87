package io.pitstop.environment;

import io.pitstop.release.Colour;
import java.util.Optional;

/** The compute of both colours. Each has a state of its own, so that work on one cannot touch the other. */
public interface Environments {
    /**
     * Brings {@code colour} to {@code version} and returns once its health check is good. Changes nothing if it runs
     * that version already.
     *
     * @throws io.pitstop.error.InvalidConfig if the module or its variables are wrong
     * @throws io.pitstop.error.DependencyFailed if Terraform failed
     * @throws io.pitstop.error.CheckFailed if Terraform did its part, but the colour did not become healthy
     */
    Environment apply(Colour colour, String version);

    /** Returns what runs as {@code colour}, from Terraform's outputs; empty if nothing was applied. */
    Optional<Environment> find(Colour colour);

    /**
     * Takes away what runs as {@code colour} but keeps all else, so that applying brings it back quickly; does nothing if
     * nothing runs.
     */
    void scaleDown(Colour colour);

    /** Removes the compute of {@code colour}; does nothing if there is none. */
    void destroy(Colour colour);
}
