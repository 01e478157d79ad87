package io.pitstop.check.live;

/**
 * A statement of the application, with {@code $1} where values were.
 *
 * @param calls how often it ran
 */
public record LiveStatement(String query, long calls) {
    private static final int SHOWN = 160;

    String excerpt() {
        String line = query.replaceAll("\\s+", " ").strip();
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    /** As it can be prepared: a constant with its type before it became one that does not. */
    String preparable() {
        return query.replaceAll(
                "(?i)\\b(interval|date|timestamptz|timestamp|timetz|time|bytea|uuid|jsonb|json)\\s+(\\$\\d+)",
                "CAST($2 AS $1)");
    }
}
