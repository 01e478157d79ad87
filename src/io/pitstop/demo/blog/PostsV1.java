package io.pitstop.demo.blog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Version 1: a post carries its author along, and there is no table of authors as far as it knows. */
final class PostsV1 implements Posts {
    private static final String SELECT = "SELECT id, title, content, author_name, author_email FROM posts ";

    @Override
    public long create(Connection connection, Draft draft) throws SQLException {
        String sql = "INSERT INTO posts (title, content, author_name, author_email) VALUES (?, ?, ?, ?) RETURNING id";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            fill(insert, draft);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Override
    public boolean edit(Connection connection, long id, Draft draft) throws SQLException {
        String sql = "UPDATE posts SET title = ?, content = ?, author_name = ?, author_email = ? WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            fill(update, draft);
            update.setLong(5, id);
            return update.executeUpdate() == 1;
        }
    }

    @Override
    public Optional<Post> find(Connection connection, long id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SELECT + "WHERE id = ?")) {
            query.setLong(1, id);
            return read(query).stream().findFirst();
        }
    }

    @Override
    public List<Post> by(Connection connection, String authorEmail, int limit) throws SQLException {
        String sql = SELECT + "WHERE author_email = ? ORDER BY id DESC LIMIT ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, authorEmail);
            query.setInt(2, limit);
            return read(query);
        }
    }

    private static void fill(PreparedStatement write, Draft draft) throws SQLException {
        write.setString(1, draft.title());
        write.setString(2, draft.content());
        write.setString(3, draft.authorName());
        write.setString(4, draft.authorEmail());
    }

    /** Both versions select a post in this order of columns. */
    static List<Post> read(PreparedStatement query) throws SQLException {
        List<Post> posts = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                posts.add(new Post(
                        rows.getLong(1), rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)));
            }
        }
        return posts;
    }
}
