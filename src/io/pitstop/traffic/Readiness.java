package io.pitstop.traffic;

import io.pitstop.config.HealthPolicy;
import io.pitstop.error.Interrupted;
import io.pitstop.release.Colour;
import java.time.Duration;
import java.util.Optional;

/** Whether a colour may get users: what the router sees of its targets, not what we see, held to the policy of pitstop.yml. */
public final class Readiness {
    /** Between two looks; a router learns of a target no faster than its health checks run. */
    public static final Duration PAUSE = Duration.ofMillis(200);

    private final TrafficRouter router;
    private final HealthPolicy policy;
    private final Duration pause;

    /** @param pause between two looks */
    public Readiness(TrafficRouter router, HealthPolicy policy, Duration pause) {
        this.router = router;
        this.policy = policy;
        this.pause = pause;
    }

    /**
     * Looks as often as the policy asks for, and returns what is wrong at the first look that is not good.
     *
     * @return why {@code colour} should not get more users, in one sentence; empty if it may
     * @throws io.pitstop.error.DependencyFailed if the router cannot be asked
     */
    public Optional<String> objection(Colour colour) {
        for (int look = 1; look <= policy.reads(); look++) {
            if (look > 1) {
                pause(colour);
            }
            Optional<String> objection = lookAt(colour, needed(colour));
            if (objection.isPresent()) {
                return objection;
            }
        }
        return Optional.empty();
    }

    /**
     * Looks once, and asks for no more than that the colour can serve at all: for a colour that has users, or that they
     * have to go back to.
     *
     * @return why {@code colour} cannot serve users, in one sentence; empty if it can
     * @throws io.pitstop.error.DependencyFailed if the router cannot be asked
     */
    public Optional<String> inability(Colour colour) {
        return lookAt(colour, policy.atLeast());
    }

    /**
     * Looks once, for users who must leave the other colour: one healthy target is better than where they are.
     *
     * @return why {@code colour} cannot serve anybody, in one sentence; empty if it can
     * @throws io.pitstop.error.DependencyFailed if the router cannot be asked
     */
    public Optional<String> death(Colour colour) {
        return lookAt(colour, 1);
    }

    /** Returns the {@link #inability} of a colour that is not dead, which nobody need be asked for if one target suffices. */
    public Optional<String> scarcity(Colour colour) {
        return policy.atLeast() > 1 ? inability(colour) : Optional.empty();
    }

    /**
     * Waits until there is no objection.
     *
     * @return the last objection, if it is still there after {@code within}
     * @throws Interrupted if the thread is interrupted
     */
    public Optional<String> await(Colour colour, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Optional<String> objection = objection(colour);
        while (objection.isPresent() && System.nanoTime() < deadline) {
            pause(colour);
            objection = objection(colour);
        }
        return objection;
    }

    /** As many as users are used to; a colour without users sets no measure. */
    private int needed(Colour colour) {
        if (router.split().of(colour.other()) == 0) {
            return policy.atLeast();
        }
        int live = router.health(colour.other()).healthy();
        return Math.max(policy.atLeast(), (int) Math.ceil(policy.ofLive() * live));
    }

    private Optional<String> lookAt(Colour colour, int needed) {
        TargetHealth health = router.health(colour);
        return health.healthy() >= needed
                ? Optional.empty()
                : Optional.of("The router finds " + colour + " unhealthy: " + health
                        + (needed > 1 ? ", " + needed + " are needed." : "."));
    }

    private void pause(Colour colour) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("the targets of " + colour + " were looked at");
        }
    }
}
