package io.pitstop.backfill.range;

import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.backfill.walk.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** How far a file has come in a release: one row, and the ranges of its present pass. */
public final class Checkpoint {
    /** What the row and the ranges mean. */
    private static final int FORMAT = 2;

    /** Of the Pitstop that knew no ranges: {@code last_key} is the key up to which the pass is done. */
    private static final int FORMAT_WITHOUT_RANGES = 1;

    private static final String WHERE = " WHERE release = ? AND file = ?";
    private static final String SUMS =
            "(SELECT coalesce(sum(r.rows), 0) AS rows, coalesce(sum(r.batches), 0) AS batches,"
                    + " coalesce(sum(r.seconds), 0) AS seconds FROM pitstop.backfill_ranges r WHERE r.release = ? AND r.file = ?)";

    private final String release;
    private final BackfillFile file;

    public Checkpoint(String release, BackfillFile file) {
        this.release = release;
        this.file = file;
    }

    /**
     * Where a run begins.
     *
     * @param pass counted from 1
     * @param last what an older Pitstop has done of the pass; empty if it was not at it
     */
    public record Place(int pass, Optional<Position> last) {}

    /** Where the last run came to; empty if there was none, or none of this text. */
    public Optional<Place> load(Connection connection) throws SQLException {
        String sql = "SELECT pass, CASE WHEN format = ? THEN last_key END FROM pitstop.backfills" + WHERE
                + " AND checksum = ? AND format IN (?, ?)";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, FORMAT_WITHOUT_RANGES);
            bind(query, 2);
            query.setString(4, file.checksum());
            query.setInt(5, FORMAT);
            query.setInt(6, FORMAT_WITHOUT_RANGES);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Place(
                                row.getInt(1),
                                Optional.ofNullable(row.getString(2)).map(Position::of)))
                        : Optional.empty();
            }
        }
    }

    /** True if the release knows the file, with this text or another. */
    public boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT FROM pitstop.backfills" + WHERE)) {
            bind(query, 1);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Begins at the first row, at the first pass. */
    public void begin(Connection transaction) throws SQLException {
        addUp(transaction);
        put(transaction, "NULL", ", pass = 1");
        run(transaction, "DELETE FROM pitstop.backfill_failures" + WHERE);
    }

    /** What was done before holds, also if an older Pitstop did it. */
    public void goOn(Connection transaction) throws SQLException {
        put(transaction, "NULL", "");
    }

    /** The pass came to its end and left rows. */
    public void nextPass(Connection transaction) throws SQLException {
        addUp(transaction);
        run(transaction, "UPDATE pitstop.backfills SET pass = pass + 1" + WHERE);
    }

    /** No row remains; what the batches committed without waiting for the disk is on it once this is committed. */
    public void verified(Connection transaction) throws SQLException {
        addUp(transaction);
        put(transaction, "clock_timestamp()", "");
        run(transaction, "DELETE FROM pitstop.backfill_failures" + WHERE);
    }

    /** The file cannot be brought to its end. */
    public void fail(Connection transaction, String problem) throws SQLException {
        try (PreparedStatement update =
                transaction.prepareStatement("UPDATE pitstop.backfills SET problem = ?" + WHERE)) {
            update.setString(1, problem);
            bind(update, 2);
            update.executeUpdate();
        }
    }

    /** Why the last run failed for good; empty if none did. */
    public Optional<String> problem(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT problem FROM pitstop.backfills" + WHERE)) {
            bind(query, 1);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** What all processes of all runs have done, once the ranges of the last pass are added up. */
    public record Sum(long rows, long batches) {}

    public Sum sum(Connection connection) throws SQLException {
        String sql = "SELECT rows, batches FROM pitstop.backfills" + WHERE;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            bind(query, 1);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? new Sum(row.getLong(1), row.getLong(2)) : new Sum(0, 0);
            }
        }
    }

    private void put(Connection transaction, String verifiedAt, String more) throws SQLException {
        String sql = "INSERT INTO pitstop.backfills (release, file, format, checksum, pass, verified_at)"
                + " VALUES (?, ?, ?, ?, 1, " + verifiedAt + ") ON CONFLICT (release, file) DO UPDATE SET"
                + " format = excluded.format, checksum = excluded.checksum, verified_at = excluded.verified_at,"
                + " last_key = NULL, problem = NULL" + more;
        try (PreparedStatement insert = transaction.prepareStatement(sql)) {
            bind(insert, 1);
            insert.setInt(3, FORMAT);
            insert.setString(4, file.checksum());
            insert.executeUpdate();
        }
    }

    /** Moves what the ranges tell into the row of the file, and the ranges away. */
    private void addUp(Connection transaction) throws SQLException {
        String sql = "UPDATE pitstop.backfills b SET rows = b.rows + s.rows, batches = b.batches + s.batches,"
                + " seconds = b.seconds + s.seconds FROM " + SUMS + " s WHERE b.release = ? AND b.file = ?";
        try (PreparedStatement update = transaction.prepareStatement(sql)) {
            bind(update, 1);
            bind(update, 3);
            update.executeUpdate();
        }
        run(transaction, "DELETE FROM pitstop.backfill_ranges" + WHERE);
    }

    private void run(Connection transaction, String sql) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            bind(statement, 1);
            statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, release);
        statement.setString(first + 1, file.name());
    }
}
