package io.pitstop.check.usage;

/**
 * That a statement needs a relation, a column of it, or all its columns.
 *
 * @param schema empty if the statement leaves it to the search path
 * @param column empty for the relation itself, {@link #ALL} for all its columns, {@link #ROW} for a row as a whole
 */
public record Use(String schema, String relation, String column) {
    /** What {@code SELECT *} and an INSERT without a list of columns use. */
    public static final String ALL = "*";

    /**
     * A row as one value, as in {@code to_jsonb(posts)}: it does without a column that is not there, and nobody can see
     * which of them matters.
     */
    public static final String ROW = "(row)";

    /** True if it would fail, or give something else, without that relation. */
    public boolean needs(String otherSchema, String otherRelation) {
        return relation.equals(otherRelation) && (schema.isEmpty() || schema.equals(otherSchema));
    }

    /** True if it would fail, or give something else, without that column. */
    public boolean needs(String otherSchema, String otherRelation, String otherColumn) {
        return needs(otherSchema, otherRelation) && (column.equals(ALL) || column.equals(otherColumn));
    }
}
