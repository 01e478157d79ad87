package io.pitstop.traffic;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.time.Instant;
import java.util.Optional;

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
     * <p>An order that was given is seen through: an interrupt is only acted on before it, or after its outcome is known.
     *
     * @throws OutcomeUnknown if the order may have been taken, or may be yet, but what is served now cannot be read; or if
     *     it is not the order
     * @throws MoveRefused if a colour that would get more traffic is not healthy: the split is as it was
     * @throws DependencyFailed if the router cannot be asked, or did not take the order and will not take it later: the
     *     split is as it was; or if another writer moved the split at the same time: it is as they ordered
     * @throws Interrupted if the thread was asked to stop; ask for the split to learn whether it moved
     */
    void shift(Split target);

    /**
     * Returns the health of one colour's targets as the router sees it; a colour without targets is not healthy.
     *
     * @throws DependencyFailed if the router cannot be asked
     */
    TargetHealth health(Colour colour);

    /**
     * Returns what the router measured for one colour since the router started; two reads subtracted give a window. How
     * much there is to measure, {@link io.pitstop.config.RouterConfig.Kind#measures()} tells: latency may be empty.
     *
     * @throws DependencyFailed if the router cannot be asked
     * @throws UnsupportedOperationException if routers of this kind measure nothing, which pitstop.yml may not ask for
     */
    Series figures(Colour colour);

    /**
     * Returns whether a colour that has no share has finished what it was sent before. Changes nothing.
     *
     * @param since when the order was confirmed that took its last share
     * @throws MoveRefused if the colour has a share
     * @throws DependencyFailed if the router cannot be asked
     */
    Drained drained(Colour colour, Instant since);

    /**
     * Returns in words which users stay on {@code colour} whatever its share is, such as those with a cookie; empty if
     * none do.
     *
     * @throws DependencyFailed if the router cannot be asked
     */
    default Optional<String> kept(Colour colour) {
        return Optional.empty();
    }
}
