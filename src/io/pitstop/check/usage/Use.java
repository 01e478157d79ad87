package io.pitstop.check.usage;

/**
 * That a statement needs a relation, a column of it, or all its columns.
 *
 * @param schema empty if the statement leaves it to the search path
 * @param column empty for the relation itself, {@code *} for all its columns
 */
public record Use(String schema, String relation, String column) {
    /** What {@code SELECT *} and an INSERT without a list of columns use. */
    public static final String ALL = "*";

    /** True if it would fail, or give something else, without that relation. */
    public boolean needs(String otherSchema, String otherRelation) {
        return relation.equals(otherRelation) && (schema.isEmpty() || schema.equals(otherSchema));
    }

    /** True if it would fail, or give something else, without that column. */
    public boolean needs(String otherSchema, String otherRelation, String otherColumn) {
        return needs(otherSchema, otherRelation) && (column.equals(ALL) || column.equals(otherColumn));
    }
}
