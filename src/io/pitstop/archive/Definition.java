package io.pitstop.archive;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * How one object that goes is made again.
 *
 * @param identity as people read it, such as {@code index public.posts_author_email}
 * @param address as {@code pg_get_object_address} takes it
 * @param target the table that it belongs to, with its schema; empty if there is none
 * @param sql makes it; if {@code manner} is {@link Manner#IMPOSSIBLE}, what a person may run instead, and may be empty
 * @param extra what the manner needs beside it
 * @param dress statements that give it its owner, grants and comment; each may fail without the others
 */
record Definition(
        Phase phase,
        Manner manner,
        String identity,
        Address address,
        String target,
        String sql,
        String extra,
        List<String> dress) {
    /** When it is made again; within a phase, in the order that works out. */
    enum Phase {
        /** Before the rows, what makes room for them. */
        STRUCTURE,
        /** What acts when rows change; before the rows where columns come back, so that no new row misses it. */
        ACTION,
        /** After the rows: what binds them, or is cheaper to build then. */
        STRICTNESS
    }

    /** How it is made again. */
    enum Manner {
        /** By its statement, in one transaction with the rest of its script's. */
        PLAIN,
        /** By its statement alone, in no transaction. */
        ALONE,
        /** Concurrently; {@code extra} is its name. */
        INDEX,
        /** By an index, whose statement is {@code extra}. */
        UNIQUE,
        /** As a constraint that is validated afterwards; {@code extra} is the condition. */
        CHECK,
        /** By way of a check; {@code extra} is the column. */
        NOT_NULL,
        /** As a constraint that is validated afterwards; {@code extra} is its name. */
        FOREIGN_KEY,
        /** A sequence goes on where it was; {@code target} is its name. */
        VALUE,
        /** Not by us, for the reason in {@code extra}. */
        IMPOSSIBLE
    }

    /** An object's name in the words of {@code pg_get_object_address}. */
    record Address(String type, List<String> names, List<String> arguments) {
        Address {
            names = List.copyOf(names);
            arguments = List.copyOf(arguments);
        }
    }

    Definition {
        dress = List.copyOf(dress);
    }

    static Definition from(ResultSet row) throws SQLException {
        return new Definition(
                Phase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT)),
                Manner.valueOf(row.getString("manner").toUpperCase(Locale.ROOT)),
                row.getString("identity"),
                new Address(row.getString("type"), Query.texts(row, "names"), Query.texts(row, "arguments")),
                row.getString("target"),
                row.getString("sql"),
                row.getString("extra"),
                Query.texts(row, "dress"));
    }
}
