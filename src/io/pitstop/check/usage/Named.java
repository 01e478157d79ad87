package io.pitstop.check.usage;

/**
 * The name of a type or sequence as a statement has it.
 *
 * @param schema empty if the statement leaves it to the search path
 */
public record Named(String schema, String name) {
    /** A sequence that the statement does not show, such as a value that is bound. */
    public static final Named HIDDEN = new Named("", "");

    /** True if it may be that of the other schema. */
    public boolean mayBe(String otherSchema, String otherName) {
        return name.equals(otherName) && (schema.isEmpty() || schema.equals(otherSchema));
    }
}
