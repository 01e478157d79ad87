package io.pitstop.check.usage;

/**
 * That a statement calls a function.
 *
 * @param schema empty if the statement leaves it to the search path
 * @param arguments how many it gives; negative if nobody can tell
 */
public record Call(String schema, String name, int arguments) {
    /** True if it may be the function of that name in that schema. */
    public boolean mayBe(String otherSchema, String otherName) {
        return name.equals(otherName) && (schema.isEmpty() || schema.equals(otherSchema));
    }
}
