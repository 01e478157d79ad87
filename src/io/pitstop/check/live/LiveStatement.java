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

    /** As it can be prepared: a constant with its type before it, or the field of EXTRACT, became what does not. */
    String preparable() {
        return query.replaceAll(
                        "(?i)\\binterval\\s+(\\$\\d+)\\s+(years?|months?|days?|hours?|minutes?|seconds?)\\b",
                        "CAST($1 AS interval)")
                .replaceAll(
                        "(?i)\\b(interval|date|timestamptz|timetz|(?:timestamp|time)(?:\\s+with(?:out)?\\s+time\\s+zone)?"
                                + "|bytea|uuid|jsonb|json)\\s+(\\$\\d+)",
                        "CAST($2 AS $1)")
                .replaceAll("(?i)\\bextract\\s*\\(\\s*(\\$\\d+)\\s+FROM\\b", "date_part($1,");
    }
}
