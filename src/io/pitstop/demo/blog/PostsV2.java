package io.pitstop.demo.blog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Version 2: authors have a table of their own, and {@code posts.author_name} and {@code posts.author_email} are not
 * written any more.
 *
 * <p>They are read where the backfill has not been yet, so that a smoke test may run beside it, and nowhere else, so that
 * statistics show that nobody needs them; as fields of the row's JSON, which may be asked for after contract as well. By its author such a post is not found before.
 */
final class PostsV2 implements Posts {
    private static final String SELECT = "SELECT posts.id, posts.title, posts.content, authors.name, authors.email"
            + " FROM posts JOIN authors ON authors.id = posts.author_id ";

    private static final String OLD = "SELECT id, title, content, to_jsonb(posts) ->> 'author_name',"
            + " to_jsonb(posts) ->> 'author_email' FROM posts WHERE id = ?";

    private static final int TURNS = 10;

    @Override
    public long create(Connection connection, Draft draft) throws SQLException {
        long author = author(connection, draft.authorName(), draft.authorEmail());
        String sql = "INSERT INTO posts (title, content, author_id) VALUES (?, ?, ?) RETURNING id";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, draft.title());
            insert.setString(2, draft.content());
            insert.setLong(3, author);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Override
    public boolean edit(Connection connection, long id, Draft draft) throws SQLException {
        long author = author(connection, draft.authorName(), draft.authorEmail());
        String sql = "UPDATE posts SET title = ?, content = ?, author_id = ? WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, draft.title());
            update.setString(2, draft.content());
            update.setLong(3, author);
            update.setLong(4, id);
            return update.executeUpdate() == 1;
        }
    }

    @Override
    public Optional<Post> find(Connection connection, long id) throws SQLException {
        Optional<Post> post = find(connection, SELECT + "WHERE posts.id = ?", id);
        if (post.isPresent()) {
            return post;
        }
        // Found the second time if the backfill came between the two questions.
        return find(connection, awaitsBackfill(connection, id) ? OLD : SELECT + "WHERE posts.id = ?", id);
    }

    private static boolean awaitsBackfill(Connection connection, long id) throws SQLException {
        String sql = "SELECT EXISTS (SELECT FROM posts WHERE id = ? AND author_id IS NULL)";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setLong(1, id);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static Optional<Post> find(Connection connection, String sql, long id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setLong(1, id);
            return PostsV1.read(query).stream().findFirst();
        }
    }

    @Override
    public List<Post> by(Connection connection, String authorEmail, int limit) throws SQLException {
        String sql = SELECT + "WHERE authors.email = ? ORDER BY posts.id DESC LIMIT ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, authorEmail);
            query.setInt(2, limit);
            return PostsV1.read(query);
        }
    }

    /**
     * The id of the author with this email, who is created if there is none.
     *
     * <p>Each statement is a transaction of its own and over before the post is written. The dual-write trigger locks
     * a post first and then its author; whoever locked an author first and held it would sooner or later wait for the
     * trigger while the trigger waits for him.
     */
    private static long author(Connection connection, String name, String email) throws SQLException {
        // More than one turn only if somebody inserts the same author between our SELECT and our INSERT.
        for (int turn = 0; turn < TURNS; turn++) {
            OptionalLong author = known(connection, name, email);
            if (author.isEmpty()) {
                author = inserted(connection, name, email);
            }
            if (author.isPresent()) {
                return author.getAsLong();
            }
        }
        throw new SQLException("The author " + email + " comes and goes.");
    }

    private static OptionalLong known(Connection connection, String name, String email) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT id, name FROM authors WHERE email = ?")) {
            query.setString(1, email);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return OptionalLong.empty();
                }
                if (!row.getString(2).equals(name)) {
                    rename(connection, row.getLong(1), name);
                }
                return OptionalLong.of(row.getLong(1));
            }
        }
    }

    private static void rename(Connection connection, long author, String name) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE authors SET name = ? WHERE id = ?")) {
            update.setString(1, name);
            update.setLong(2, author);
            update.executeUpdate();
        }
    }

    private static OptionalLong inserted(Connection connection, String name, String email) throws SQLException {
        String sql = "INSERT INTO authors (name, email) VALUES (?, ?) ON CONFLICT (email) DO NOTHING RETURNING id";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, name);
            insert.setString(2, email);
            try (ResultSet row = insert.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }
}
