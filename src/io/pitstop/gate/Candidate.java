package io.pitstop.gate;

import io.pitstop.metrics.Series;
import io.pitstop.release.Colour;
import java.net.URI;
import java.util.function.Supplier;

/**
 * Whom gates judge.
 *
 * @param address where its colour answers, past the router
 * @param figures what the router counted for it, since any moment before the bake; throws
 *     {@link io.pitstop.error.DependencyFailed} if the router cannot be asked
 */
public record Candidate(String application, Colour colour, URI address, Supplier<Series> figures) {
    /** Fills {@code {colour}} and {@code {application}} in. */
    String fill(String text) {
        return text.replace("{colour}", colour.toString()).replace("{application}", application);
    }
}
