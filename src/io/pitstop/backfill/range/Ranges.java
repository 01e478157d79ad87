package io.pitstop.backfill.range;

import io.pitstop.backfill.walk.Position;
import io.pitstop.backfill.walk.Stretch;
import io.pitstop.error.MoveRefused;
import io.pitstop.release.LeaseHolder;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The ranges of one file in one pass, and who has them.
 *
 * <p>A claim holds for as long as the lease under which it was made: whoever dies loses both at once, and what of them
 * still runs in the server keeps its range locked until it has ended. No clock of a client is involved.
 */
public final class Ranges {
    private static final String WHERE = " WHERE release = ? AND file = ?";
    private static final String MINE = WHERE + " AND number = ? AND token = ? AND worker = ?";

    /** Gives a row, which it locks, if the range is ours still; for whoever has more to say in the same round trip. */
    public static final String HOLD =
            "SELECT 1 FROM pitstop.backfill_ranges r JOIN pitstop.leases l ON l.release = r.release"
                    + " AND l.token = r.token JOIN pitstop.releases e ON e.id = r.release"
                    + " AND e.outcome IS DISTINCT FROM 'abandoned' WHERE r.release = ? AND r.file = ? AND r.number = ? AND r.token = ?"
                    + " AND r.worker = ? FOR NO KEY UPDATE OF r FOR KEY SHARE OF l";

    /** Notes a batch. */
    public static final String ADVANCE =
            "UPDATE pitstop.backfill_ranges SET done = ?, finished = ends_at = ?, walked = walked + ?,"
                    + " rows = rows + ?, batches = batches + 1, seconds = seconds + ?" + MINE;

    private final String release;
    private final String file;

    public Ranges(String release, String file) {
        this.release = release;
        this.file = file;
    }

    /** Begins a pass in the caller's transaction; there must be none. */
    public void plan(Connection transaction, List<Stretch> stretches) throws SQLException {
        String sql = "INSERT INTO pitstop.backfill_ranges (release, file, number, begins_at, done, ends_at, estimate)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = transaction.prepareStatement(sql)) {
            for (int i = 0; i < stretches.size(); i++) {
                Stretch stretch = stretches.get(i);
                Array before = stretch.after().isPresent()
                        ? array(transaction, stretch.after().get())
                        : null;
                bind(insert, 1);
                insert.setInt(3, i + 1);
                insert.setArray(4, before);
                insert.setArray(5, before);
                insert.setArray(6, array(transaction, stretch.last()));
                insert.setLong(7, stretch.rows());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Makes the next range ours that nobody alive works on.
     *
     * @param checksum of the file as this process has read it: ranges of another text are not ours to fill
     * @param worker number of the worker in its process
     * @return empty if there is none
     */
    public Optional<Claim> claim(Connection session, String checksum, long token, int worker) throws SQLException {
        String sql = "UPDATE pitstop.backfill_ranges SET token = ?, worker = ?" + WHERE
                + " AND number = (SELECT r.number FROM pitstop.backfill_ranges r WHERE r.release = ? AND r.file = ?"
                + " AND NOT r.finished AND (r.token IS NULL OR NOT EXISTS (SELECT FROM pitstop.leases l"
                + " WHERE l.token = r.token AND " + LeaseHolder.isAlive("l") + "))"
                + " ORDER BY r.number LIMIT 1 FOR UPDATE SKIP LOCKED) AND EXISTS (SELECT FROM pitstop.backfills b"
                + " WHERE b.release = ? AND b.file = ? AND b.checksum = ?) RETURNING number, done, ends_at";
        try (PreparedStatement update = session.prepareStatement(sql)) {
            update.setLong(1, token);
            update.setInt(2, worker);
            bind(update, 3);
            bind(update, 5);
            update.setString(bind(update, 7), checksum);
            try (ResultSet row = update.executeQuery()) {
                return row.next()
                        ? Optional.of(new Claim(
                                row.getInt(1),
                                token,
                                worker,
                                Optional.ofNullable(row.getArray(2)).map(Ranges::position),
                                position(row.getArray(3))))
                        : Optional.empty();
            }
        }
    }

    /**
     * Locks the range until {@code transaction} ends; false if it is not ours any more, or our lease is not, or the release
     * was abandoned.
     */
    public boolean hold(Connection transaction, Claim claim) throws SQLException {
        try (PreparedStatement query = transaction.prepareStatement(HOLD)) {
            bindHold(query, 1, claim);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * Binds the parameters of {@link #HOLD}, from {@code first} on.
     *
     * @return the number of the next parameter
     */
    public int bindHold(PreparedStatement statement, int first, Claim claim) throws SQLException {
        return bind(statement, first, claim);
    }

    /** @throws MoveRefused if nobody wants the rows filled any more */
    public void refuseAbandoned(Connection session) throws SQLException {
        String sql = "SELECT finished_at FROM pitstop.releases WHERE id = ? AND outcome = 'abandoned'";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, release);
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    throw new MoveRefused(
                            "Release " + release + " was abandoned at "
                                    + row.getTimestamp(1).toInstant() + ", so its backfill has stopped; the rows that "
                                    + file + " has filled stay as they are.",
                            "Fill the rest with the next release, which pitstop migrate-expand --version VERSION opens.");
                }
            }
        }
    }

    /** Notes a batch, in its own transaction. */
    public void advance(Connection transaction, Claim claim, Position done, Step step) throws SQLException {
        try (PreparedStatement update = transaction.prepareStatement(ADVANCE)) {
            bindAdvance(update, 1, claim, done, step);
            update.executeUpdate();
        }
    }

    /** Binds the parameters of {@link #ADVANCE}, from {@code first} on. */
    public void bindAdvance(PreparedStatement statement, int first, Claim claim, Position done, Step step)
            throws SQLException {
        Array at = array(statement.getConnection(), done);
        statement.setArray(first, at);
        statement.setArray(first + 1, at);
        statement.setLong(first + 2, step.walked());
        statement.setLong(first + 3, step.rows());
        statement.setDouble(first + 4, step.seconds());
        bind(statement, first + 5, claim);
    }

    /**
     * What a batch did.
     *
     * @param walked rows that lay in it
     * @param rows rows that it wrote
     */
    public record Step(long walked, long rows, double seconds) {}

    /** No row is left in the range. */
    public void finish(Connection session, Claim claim) throws SQLException {
        String sql = "UPDATE pitstop.backfill_ranges SET finished = true" + MINE;
        try (PreparedStatement update = session.prepareStatement(sql)) {
            bind(update, 1, claim);
            update.executeUpdate();
        }
    }

    /** Lets others go on with the range, if it is still ours. */
    public void giveBack(Connection session, Claim claim) throws SQLException {
        String sql = "UPDATE pitstop.backfill_ranges SET token = NULL, worker = NULL" + MINE;
        try (PreparedStatement update = session.prepareStatement(sql)) {
            bind(update, 1, claim);
            update.executeUpdate();
        }
    }

    public Extent extent(Connection session) throws SQLException {
        String sql =
                "SELECT count(*), count(*) FILTER (WHERE finished), coalesce(sum(greatest(estimate, walked)), 0)::bigint,"
                        + " coalesce(sum(walked), 0)::bigint, coalesce(sum(rows), 0)::bigint, coalesce(sum(batches), 0)::bigint,"
                        + " coalesce(sum(seconds), 0), count(*) FILTER (WHERE NOT finished AND token IN (SELECT l.token"
                        + " FROM pitstop.leases l WHERE " + LeaseHolder.isAlive("l") + ")) FROM pitstop.backfill_ranges"
                        + WHERE;
        try (PreparedStatement query = session.prepareStatement(sql)) {
            bind(query, 1);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Extent(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getDouble(7),
                        row.getLong(8));
            }
        }
    }

    private int bind(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, release);
        statement.setString(first + 1, file);
        return first + 2;
    }

    private int bind(PreparedStatement statement, int first, Claim claim) throws SQLException {
        int next = bind(statement, first);
        statement.setInt(next, claim.number());
        statement.setLong(next + 1, claim.token());
        statement.setInt(next + 2, claim.worker());
        return next + 3;
    }

    static Array array(Connection connection, Position position) throws SQLException {
        return connection.createArrayOf("text", position.values().toArray());
    }

    static Position position(Array array) {
        try {
            return new Position(List.of((String[]) array.getArray()));
        } catch (SQLException e) {
            throw new IllegalStateException("an array that was read has its elements", e);
        }
    }
}
