package io.pitstop.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Between what a measured value must be.
 *
 * @param max greatest good value; empty if none is too great
 * @param min least good value; empty if none is too small
 */
public record Bounds(Optional<Double> max, Optional<Double> min) {
    static Bounds from(Section section) {
        Bounds bounds = new Bounds(
                section.find("max", Quantity::decimal, "a number such as 0.01"),
                section.find("min", Quantity::decimal, "a number such as 0.01"));
        if (bounds.max().isEmpty() && bounds.min().isEmpty()) {
            throw section.invalid(
                    section.path("max") + " is missing, and min.", "Add max or min: what value is still good.");
        }
        if (bounds.max().isPresent()
                && bounds.min().isPresent()
                && bounds.max().get() < bounds.min().get()) {
            throw section.invalidValue("max", "Choose a greater one than min.");
        }
        return bounds;
    }

    /** False for what is not a number. */
    public boolean hold(double value) {
        return !Double.isNaN(value) && excess(value) <= 0;
    }

    /** How far {@code value} is beyond a bound; negative if it is good: how far it is from the nearer one. */
    public double excess(double value) {
        double above = max.map(most -> value - most).orElse(Double.NEGATIVE_INFINITY);
        double below = min.map(least -> least - value).orElse(Double.NEGATIVE_INFINITY);
        return Math.max(above, below);
    }

    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        max.ifPresent(most -> words.add("at most " + number(most)));
        min.ifPresent(least -> words.add("at least " + number(least)));
        return String.join(", ", words);
    }

    /** A number for people: as few digits as it takes. */
    public static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
        BigDecimal rounded = exact.precision() > 4 && exact.scale() > 0
                ? exact.setScale(Math.max(0, exact.scale() - exact.precision() + 4), RoundingMode.HALF_UP)
                : exact;
        return rounded.stripTrailingZeros().toPlainString();
    }
}
