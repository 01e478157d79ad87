package io.pitstop.backfill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/** How far a file has come in a release: one row, written in the transaction of the batch that it tells of. */
final class Checkpoint {
    /** What {@code last_key} and {@code pass} mean; another number is not gone on from. */
    private static final int FORMAT = 1;

    private static final String WHERE = " WHERE release = ? AND file = ?";

    private final String release;
    private final BackfillFile file;

    Checkpoint(String release, BackfillFile file) {
        this.release = release;
        this.file = file;
    }

    /**
     * Where a run begins.
     *
     * @param pass counted from 1
     * @param last the key up to which this pass is done; empty at its beginning
     */
    record Place(int pass, OptionalLong last) {}

    /** Where the last run came to; empty if there was none, or none of this text. */
    Optional<Place> load(Connection connection) throws SQLException {
        String sql = "SELECT pass, last_key FROM pitstop.backfills" + WHERE + " AND checksum = ? AND format = ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            bind(query, 1);
            query.setString(3, file.checksum());
            query.setInt(4, FORMAT);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(new Place(row.getInt(1), key(row.getString(2)))) : Optional.empty();
            }
        }
    }

    /** True if the release knows the file, with this text or another. */
    boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT FROM pitstop.backfills" + WHERE)) {
            bind(query, 1);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Begins at the first key, at the first pass. */
    void begin(Connection connection) throws SQLException {
        String sql = "INSERT INTO pitstop.backfills (release, file, format, checksum, pass) VALUES (?, ?, ?, ?, 1)"
                + " ON CONFLICT (release, file) DO UPDATE SET format = excluded.format, checksum = excluded.checksum,"
                + " pass = 1, last_key = NULL, verified_at = NULL";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            bind(insert, 1);
            insert.setInt(3, FORMAT);
            insert.setString(4, file.checksum());
            insert.executeUpdate();
        }
    }

    /** Notes a batch in the caller's transaction. */
    void advance(Connection transaction, long last, long rows, double seconds) throws SQLException {
        String sql = "UPDATE pitstop.backfills SET last_key = ?, rows = rows + ?, batches = batches + 1,"
                + " seconds = seconds + ?" + WHERE;
        try (PreparedStatement update = transaction.prepareStatement(sql)) {
            update.setString(1, Long.toString(last));
            update.setLong(2, rows);
            update.setDouble(3, seconds);
            bind(update, 4);
            update.executeUpdate();
        }
    }

    /** The pass came to its end and left rows. */
    void nextPass(Connection connection) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE pitstop.backfills SET pass = pass + 1, last_key = NULL, verified_at = NULL" + WHERE)) {
            bind(update, 1);
            update.executeUpdate();
        }
    }

    /** No row remains; what the batches committed without waiting for the disk is on it once this is committed. */
    void verified(Connection connection) throws SQLException {
        String sql = "INSERT INTO pitstop.backfills (release, file, format, checksum, pass, verified_at)"
                + " VALUES (?, ?, ?, ?, 1, clock_timestamp())"
                + " ON CONFLICT (release, file) DO UPDATE SET format = excluded.format, checksum = excluded.checksum,"
                + " verified_at = excluded.verified_at";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            bind(insert, 1);
            insert.setInt(3, FORMAT);
            insert.setString(4, file.checksum());
            insert.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, release);
        statement.setString(first + 1, file.name());
    }

    private static OptionalLong key(String text) {
        return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }
}
