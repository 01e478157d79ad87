package io.pitstop.traffic;

import io.pitstop.release.Colour;
import java.util.Optional;

/**
 * What each colour weighs in a router whose weights need not sum to 100.
 *
 * @param blue 0 or more
 * @param green 0 or more
 */
public record Weights(int blue, int green) {
    /** The weights to order for a split: its percentages. */
    public static Weights of(Split split) {
        return new Weights(split.of(Colour.BLUE), split.of(Colour.GREEN));
    }

    public int of(Colour colour) {
        return colour == Colour.BLUE ? blue : green;
    }

    /** Empty if nobody has a weight, or if a share is no whole percentage: rounded, it could hide users of a colour. */
    public Optional<Split> split() {
        int sum = blue + green;
        return sum > 0 && blue * 100 % sum == 0 ? Optional.of(new Split(blue * 100 / sum)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "weight " + blue + " for blue, " + green + " for green";
    }
}
