package io.pitstop.demo.witness;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Which representations of an author a post has at the moment. */
enum Shape {
    OLD,
    BOTH,
    NEW;

    private static final String COLUMNS = "SELECT count(*) FILTER (WHERE attname = 'author_email') > 0,"
            + " count(*) FILTER (WHERE attname = 'author_id') > 0"
            + " FROM pg_attribute WHERE attrelid = 'posts'::regclass AND NOT attisdropped";

    static Shape of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COLUMNS)) {
            row.next();
            if (row.getBoolean(1)) {
                return row.getBoolean(2) ? BOTH : OLD;
            }
            return NEW;
        }
    }

    boolean hasOld() {
        return this != NEW;
    }

    boolean hasNew() {
        return this != OLD;
    }

    /** A post's id, then title, content, name and email as version 1 reads them, the author, the same as version 2. */
    String columns() {
        String old = hasOld() ? "posts.author_name, posts.author_email, " : "NULL, NULL, ";
        return "posts.id, posts.title, posts.content, " + old
                + (hasNew() ? "posts.author_id, authors.name, authors.email" : "NULL, NULL, NULL");
    }

    /** What follows a mention of posts in a FROM, so that all its columns can be read. */
    String joinAuthors() {
        return hasNew() ? " LEFT JOIN authors ON authors.id = posts.author_id" : "";
    }
}
