package io.pitstop.traffic;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.metrics.Figures;
import io.pitstop.release.Colour;

/** Splits production traffic between the colours. The router itself is the single source of truth for the split. */
public interface TrafficRouter {
    /**
     * Returns the percentage of new requests that each colour receives now, as the router reports it.
     *
     * @throws OutcomeUnknown if what the router serves is not a split between our two colours
     * @throws DependencyFailed if the router cannot be asked
     */
    Split split();

    /**
     * Moves the split and returns once the router confirms it by being asked again; requests in flight finish where
     * they are. Does nothing if the split is already there, so that a step that crashed can run again.
     *
     * @throws OutcomeUnknown if the order may have been taken but what is served now cannot be read, or is not the order
     * @throws DependencyFailed if the router cannot be asked, or refused the order: the split is as it was
     */
    void shift(Split target);

    /**
     * Returns the health of one colour's targets as the router sees it; a colour without targets is not healthy.
     *
     * @throws DependencyFailed if the router cannot be asked
     */
    TargetHealth health(Colour colour);

    /**
     * Returns what the router measured for one colour since the router started; two reads subtracted give a window.
     *
     * @throws DependencyFailed if the router cannot be asked
     */
    Figures figures(Colour colour);
}
