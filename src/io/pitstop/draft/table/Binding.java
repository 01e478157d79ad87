package io.pitstop.draft.table;

import java.util.List;

/**
 * A constraint that is no index: a foreign key of the table, one that points to it, or a CHECK.
 *
 * @param table whose constraint it is, written for SQL
 * @param columns of the table that the draft is about
 * @param definition as PostgreSQL writes it, {@code FOREIGN KEY (author_id) REFERENCES authors(id)} say
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
        CHECK
    }
}
