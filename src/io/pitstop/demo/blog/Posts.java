package io.pitstop.demo.blog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Where posts are kept. Each version of the blog keeps them in its own way. */
interface Posts {
    /** @return the new post's id */
    long create(Connection connection, Draft draft) throws SQLException;

    /** @return false if there is no such post */
    boolean edit(Connection connection, long id, Draft draft) throws SQLException;

    Optional<Post> find(Connection connection, long id) throws SQLException;

    /** An author's posts, newest first. */
    List<Post> by(Connection connection, String authorEmail, int limit) throws SQLException;
}
