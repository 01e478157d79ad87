package io.pitstop.proxy;

import io.pitstop.release.Colour;

/**
 * The percentage of new requests that each colour gets.
 *
 * @param blue 0 to 100
 * @param green the rest
 */
record Shares(int blue, int green) {
    Shares {
        if (blue < 0 || green < 0 || blue + green != 100) {
            throw new IllegalArgumentException(
                    "blue " + blue + " and green " + green + " are not percentages that sum to 100");
        }
    }

    static Shares allTo(Colour colour) {
        return colour == Colour.BLUE ? new Shares(100, 0) : new Shares(0, 100);
    }

    int of(Colour colour) {
        return colour == Colour.BLUE ? blue : green;
    }

    /** @param percentile 0 to 99, evenly distributed over the requests */
    Colour colourFor(int percentile) {
        return percentile < blue ? Colour.BLUE : Colour.GREEN;
    }
}
