package io.pitstop.backfill.walk;

import java.util.List;

/**
 * A place on the walk through a table.
 *
 * @param values of the columns that are walked, as PostgreSQL writes them
 */
public record Position(List<String> values) {
    public Position {
        values = List.copyOf(values);
    }

    public static Position of(String value) {
        return new Position(List.of(value));
    }

    @Override
    public String toString() {
        return String.join(", ", values);
    }
}
