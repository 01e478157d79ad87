package io.pitstop.traffic;

import io.pitstop.release.Colour;

/**
 * The percentage of production traffic that each colour gets; always sums to 100.
 *
 * @param blue 0 to 100; green gets the rest
 */
public record Split(int blue) {
    public Split {
        if (blue < 0 || blue > 100) {
            throw new IllegalArgumentException("a split gives a colour 0 to 100 %, not " + blue);
        }
    }

    public static Split allTo(Colour colour) {
        return giving(colour, 100);
    }

    /** @param percent 0 to 100 for {@code colour}; the other colour gets the rest */
    public static Split giving(Colour colour, int percent) {
        return new Split(colour == Colour.BLUE ? percent : 100 - percent);
    }

    public int of(Colour colour) {
        return colour == Colour.BLUE ? blue : 100 - blue;
    }

    public boolean isAllTo(Colour colour) {
        return of(colour) == 100;
    }

    @Override
    public String toString() {
        return "blue " + of(Colour.BLUE) + " %, green " + of(Colour.GREEN) + " %";
    }
}
