package io.pitstop.environment;

import io.pitstop.release.Colour;
import java.util.Optional;

/** The compute of both colours. Each has a state of its own, so that work on one cannot touch the other. */
public interface Environments {
    /**
     * Plans to bring a colour to a version, and shows the plan.
     *
     * @throws io.pitstop.error.InvalidConfig if the module or its variables are wrong
     * @throws io.pitstop.error.MoveRefused if the plan would touch the other colour or what splits the traffic, or take
     *     something away from users
     * @throws io.pitstop.error.DependencyFailed if Terraform failed
     */
    Planned plan(Deployment deployment);

    /** Plans it and does it; changes nothing if it runs that version already. */
    default Environment apply(Deployment deployment) {
        try (Planned planned = plan(deployment)) {
            return planned.apply();
        }
    }

    /** Returns what runs as {@code colour}, from Terraform's outputs; empty if nothing was applied to the end. */
    Optional<Environment> find(Colour colour);

    /** True if anything of {@code colour} is there, such as what a removal that failed has left; that is never found. */
    boolean isThere(Colour colour);

    /**
     * Takes away what runs as {@code colour} but keeps all else, so that applying brings it back quickly; does nothing if
     * nothing runs.
     *
     * @throws io.pitstop.error.InvalidConfig if the module does not know how to
     * @throws io.pitstop.error.MoveRefused if all that is there was left by a removal that failed
     */
    void scaleDown(Colour colour);

    /** Removes the compute of {@code colour}; does nothing if there is none. */
    void destroy(Colour colour);
}
