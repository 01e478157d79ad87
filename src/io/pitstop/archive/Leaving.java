package io.pitstop.archive;

/**
 * A relation, column or function that scripts are going to drop.
 *
 * @param column empty if all of {@code name} goes
 * @param function true if it is a function rather than a relation
 */
public record Leaving(String schema, String name, String column, boolean function) {
    @Override
    public String toString() {
        return name + (column.isEmpty() ? "" : "." + column) + (function ? "()" : "");
    }
}
