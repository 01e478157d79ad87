package io.pitstop.demo.witness;

import io.pitstop.database.Database;
import io.pitstop.database.Mark;
import io.pitstop.demo.blog.Draft;
import io.pitstop.demo.blog.Seed;
import io.pitstop.demo.witness.Testimony.Finding;
import io.pitstop.demo.witness.Testimony.Kind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares what was acknowledged with what is stored, in both representations as long as there are two. */
final class Comparison implements AutoCloseable {
    private static final int CHUNK = 1_000;

    private final Connection connection;
    private final Seed seed;
    private final Expansion expansion;

    /** What is known about the new columns across sessions. */
    static final class Expansion {
        private volatile Instant seen = Instant.MAX;
        private volatile boolean backfilled;
        private volatile boolean restoring;

        /** From now on no post may be without an author. */
        void backfilled() {
            backfilled = true;
        }

        /** While they are restored the old columns hold what they held at contract, or nothing. */
        void restoring(boolean now) {
            restoring = now;
        }

        /** The representations that have to be right. */
        private Shape look(Connection connection) throws SQLException {
            boolean unsettled = restoring; // before the look: it ends when all of them are right
            Shape shape = Shape.of(connection);
            if (shape.hasNew() && seen.equals(Instant.MAX)) {
                seen = Instant.now();
            }
            return unsettled && shape == Shape.BOTH ? Shape.NEW : shape;
        }

        /** Before the backfill only the posts whose author was written since the columns are there. */
        private boolean demandsAuthor(Shape shape, Instant authorWritten) {
            return shape == Shape.NEW || shape.hasNew() && (backfilled || authorWritten.isAfter(seen));
        }
    }

    Comparison(Database database, Seed seed, Expansion expansion) throws SQLException {
        this.connection = database.connect("witness");
        this.seed = seed;
        this.expansion = expansion;
        try (Statement settings = connection.createStatement()) {
            settings.execute("SET statement_timeout = '60s'");
        }
    }

    /** What is not as it must be; judged by what the registers say, so nobody may write these posts meanwhile. */
    List<Finding> findings(Collection<Register> registers) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        List<Register> all = List.copyOf(registers);
        for (int from = 0; from < all.size(); from += CHUNK) {
            compare(all.subList(from, Math.min(all.size(), from + CHUNK)), findings);
        }
        return findings;
    }

    private void compare(List<Register> registers, List<Finding> findings) throws SQLException {
        Shape shape = expansion.look(connection);
        Map<Long, StoredPost> stored = stored(shape, registers);
        for (Register register : registers) {
            StoredPost post = stored.get(register.id());
            boolean author = expansion.demandsAuthor(shape, register.authorWritten());
            kind(register, post, author)
                    .ifPresent(kind -> findings.add(new Finding(
                            Instant.now(),
                            kind,
                            register.id(),
                            register.current().toString(),
                            post == null ? "no such post" : post.toString())));
        }
    }

    private Map<Long, StoredPost> stored(Shape shape, List<Register> registers) throws SQLException {
        Map<Long, StoredPost> stored = new HashMap<>();
        String sql = "SELECT " + shape.columns() + " FROM posts" + shape.joinAuthors() + " WHERE posts.id = ANY (?)";
        Array ids = connection.createArrayOf(
                "bigint", registers.stream().map(Register::id).toArray());
        try (PreparedStatement query = connection.prepareStatement(Mark.on(sql))) {
            query.setArray(1, ids);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    stored.put(rows.getLong(1), StoredPost.from(rows, shape));
                }
            }
        }
        return stored;
    }

    private static Optional<Kind> kind(Register register, StoredPost post, boolean demandsAuthor) {
        if (post == null) {
            return Optional.of(Kind.LOST);
        }
        List<Draft> sides =
                Stream.of(post.old(), post.recent()).flatMap(Optional::stream).toList();
        if (sides.stream().anyMatch(register.older()::contains)) {
            return Optional.of(Kind.LOST);
        }
        boolean right = sides.stream().allMatch(register::allows)
                && sides.stream().distinct().count() <= 1;
        return right && (post.author() || !demandsAuthor) ? Optional.empty() : Optional.of(Kind.ALTERED);
    }

    /** All posts of the seed that do not hold what was sown; that includes those that were edited. */
    List<Finding> unlikeSeed() throws SQLException {
        Shape shape = expansion.look(connection);
        List<Finding> findings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(Mark.on(unlikeSeed(shape)))) {
            while (rows.next()) {
                long id = rows.getLong(1);
                boolean missing = rows.getBoolean(2);
                findings.add(new Finding(
                        Instant.now(),
                        missing ? Kind.LOST : Kind.ALTERED,
                        id,
                        seed.draft(id).toString(),
                        missing ? "no such post" : "something else in the " + rows.getString(3) + " columns"));
            }
        }
        return findings;
    }

    private String unlikeSeed(Shape shape) {
        String sown = " IS DISTINCT FROM (seed.title, seed.content, seed.author_name, seed.author_email)";
        String old =
                shape.hasOld() ? "(posts.title, posts.content, posts.author_name, posts.author_email)" + sown : "false";
        boolean author = expansion.demandsAuthor(shape, Instant.MIN);
        String recent = shape.hasNew()
                ? "(posts.title, posts.content, authors.name, authors.email)" + sown
                        + (author ? "" : " AND posts.author_id IS NOT NULL")
                : "false";
        return "SELECT seed.id, posts.id IS NULL, CASE WHEN " + old + " THEN 'old' ELSE 'new' END FROM ("
                + seed.query() + ") AS seed LEFT JOIN posts ON posts.id = seed.id" + shape.joinAuthors()
                + " WHERE posts.id IS NULL OR " + old + " OR " + recent;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
