package io.pitstop.check.rule;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PostgreSQL that the scripts run on.
 *
 * @param minor negative if unknown
 */
public record ServerVersion(int major, int minor) {
    /** The oldest that Pitstop supports: what is safe there is safe on every other. */
    public static final ServerVersion OLDEST = new ServerVersion(13, -1);

    private static final Pattern FORM = Pattern.compile("(\\d{1,2})(?:\\.(\\d{1,3}))?");

    /** Reads {@code 15} or {@code 15.4}; empty if it is neither. */
    public static Optional<ServerVersion> of(String text) {
        Matcher version = FORM.matcher(text);
        if (!version.matches()) {
            return Optional.empty();
        }
        int minor = version.group(2) == null ? -1 : Integer.parseInt(version.group(2));
        return Optional.of(new ServerVersion(Integer.parseInt(version.group(1)), minor));
    }

    /** From {@code server_version_num}, such as 150004. */
    public static ServerVersion ofNumber(int number) {
        return new ServerVersion(number / 10_000, number % 10_000);
    }

    boolean isAtLeast(int wanted) {
        return major >= wanted;
    }

    @Override
    public String toString() {
        return minor < 0 ? "" + major : major + "." + minor;
    }
}
