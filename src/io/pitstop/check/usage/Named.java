package io.pitstop.check.usage;

import java.util.List;

/**
 * The name of a function, type or sequence as a statement has it.
 *
 * @param schema empty if the statement leaves it to the search path
 */
public record Named(String schema, String name) {
    /** A sequence that the statement does not show, such as a value that is bound. */
    public static final Named HIDDEN = new Named("", "");

    /** @param parts of the name, the last of which is its own */
    public static Named of(List<String> parts) {
        return new Named(parts.size() > 1 ? parts.get(parts.size() - 2) : "", parts.get(parts.size() - 1));
    }

    /** True if it may be the one of that name in that schema. */
    public boolean mayBe(String otherSchema, String otherName) {
        return name.equals(otherName) && (schema.isEmpty() || schema.equals(otherSchema));
    }
}
