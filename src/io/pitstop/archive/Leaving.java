package io.pitstop.archive;

import io.pitstop.database.Arguments;

/**
 * What scripts are going to drop, as far as statements and functions could use it.
 *
 * @param id its number in its catalog
 * @param name of the object; of a column, of its table
 * @param column empty unless a column goes while the table stays; of a trigger, its table
 * @param arguments of a function
 */
public record Leaving(Kind kind, long id, String schema, String name, String column, Arguments arguments) {
    /** What can be used, and triggers, which use others. */
    public enum Kind {
        RELATION,
        SEQUENCE,
        FUNCTION,
        TYPE,
        TRIGGER
    }

    public boolean is(Kind other) {
        return kind == other;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case RELATION -> name + (column.isEmpty() ? "" : "." + column);
            case SEQUENCE -> "sequence " + name;
            case FUNCTION -> name + "()";
            case TYPE -> "type " + name;
            case TRIGGER -> "trigger " + name + " on " + column;
        };
    }
}
