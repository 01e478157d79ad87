package io.pitstop.draft.table;

import java.util.List;

/**
 * What holds on to columns and is no index: a constraint, or an object that depends on them.
 *
 * @param table whose constraint it is, written for SQL
 * @param columns of the table that the draft is about
 * @param definition as PostgreSQL writes it, {@code FOREIGN KEY (author_id) REFERENCES authors(id)} say; for a dependent
 *     what it is
 */
public record Binding(Kind kind, String name, String table, List<String> columns, String definition) {
    public Binding {
        columns = List.copyOf(columns);
    }

    /** What it binds. */
    public enum Kind {
        /** From the table to another. */
        FOREIGN_KEY,
        /** From another table to this one. */
        INCOMING,
        /** A condition on a row. */
        CHECK,
        /** A trigger, a view or a policy that names a column, which therefore cannot be dropped. */
        DEPENDENT
    }
}
