package io.pitstop.archive;

import java.util.List;

/**
 * One object that a statement drops, by the name that the statement gives it.
 *
 * @param type as PostgreSQL's {@code pg_get_object_address} calls it, such as {@code table} or {@code table column}
 * @param name its parts, such as schema, table, column; without the schema it is looked up on the search path
 * @param arguments types of a function's arguments; empty for everything else
 * @param anyArguments true if the statement names a function without its arguments
 * @param cascade true if what depends on it goes with it
 * @param ifExists true if it need not be there
 * @param line of the statement in its script, from 1
 */
public record Drop(
        String type,
        List<String> name,
        List<String> arguments,
        boolean anyArguments,
        boolean cascade,
        boolean ifExists,
        int line) {
    public Drop {
        name = List.copyOf(name);
        arguments = List.copyOf(arguments);
    }

    /** An object without arguments that must be there. */
    public static Drop of(String type, String... name) {
        return new Drop(type, List.of(name), List.of(), false, false, false, 1);
    }

    /** The same, with what depends on it. */
    public Drop withCascade() {
        return new Drop(type, name, arguments, anyArguments, true, ifExists, line);
    }

    /** The same, which need not be there. */
    Drop ifThere() {
        return new Drop(type, name, arguments, anyArguments, cascade, true, line);
    }

    @Override
    public String toString() {
        return type + " " + String.join(".", name);
    }
}
