package io.pitstop.check.schema;

import io.pitstop.check.script.Script;

/**
 * A column of a table.
 *
 * @param type {@link Type#UNKNOWN} if no script says
 * @param addedBy null if no script says
 */
public record Column(String name, Type type, boolean notNull, boolean hasDefault, Script addedBy) {
    Column notNull(boolean now) {
        return new Column(name, type, now, hasDefault, addedBy);
    }

    Column withType(Type now) {
        return new Column(name, now, notNull, hasDefault, addedBy);
    }

    Column withDefault(boolean now) {
        return new Column(name, type, notNull, now, addedBy);
    }

    Column named(String now) {
        return new Column(now, type, notNull, hasDefault, addedBy);
    }
}
