package io.pitstop.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with units as people write them in pitstop.yml and in options: {@code 200ms}, {@code 0.1%}, {@code 100/s}. */
public final class Quantity {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)%");
    private static final Pattern RATE = Pattern.compile("(\\d{1,7})/s");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,15}(\\.\\d{1,15})?(e-?\\d{1,3})?");
    private static final Pattern TIMES = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?)x");

    private Quantity() {}

    /** Reads {@code 200ms}, {@code 5s}, {@code 2m}, {@code 24h} or {@code 30d}; empty if it is anything else. */
    public static Optional<Duration> duration(String text) {
        Matcher match = DURATION.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    /** Writes a duration so that {@link #duration} reads it again, in its largest whole unit. */
    public static String text(Duration duration) {
        long ms = duration.toMillis();
        if (ms % 1_000 != 0 || ms == 0) {
            return ms + "ms";
        }
        long seconds = ms / 1_000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** Reads {@code 0.1%} as the fraction 0.001; empty if it is anything else or above 100 %. */
    public static Optional<Double> percent(String text) {
        return number(PERCENT, text).map(percent -> percent / 100).filter(fraction -> fraction <= 1);
    }

    /** Reads {@code 100/s} as 100; empty if it is anything else or 0. */
    public static Optional<Integer> perSecond(String text) {
        return number(RATE, text).map(Double::intValue).filter(rate -> rate > 0);
    }

    /** Reads {@code 1.5x} as 1.5; empty if it is anything else. */
    public static Optional<Double> times(String text) {
        return number(TIMES, text);
    }

    /** Reads {@code 0.01}, {@code -3} or {@code 1e6}; empty if it is no finite number. */
    public static Optional<Double> decimal(String text) {
        return DECIMAL.matcher(text).matches()
                ? Optional.of(Double.valueOf(text)).filter(Double::isFinite)
                : Optional.empty();
    }

    private static Optional<Double> number(Pattern pattern, String text) {
        Matcher match = pattern.matcher(text);
        return match.matches() ? Optional.of(Double.valueOf(match.group(1))) : Optional.empty();
    }
}
