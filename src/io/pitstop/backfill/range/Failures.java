package io.pitstop.backfill.range;

import io.pitstop.backfill.walk.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows of a file that were set aside so that the others could go on. */
public final class Failures {
    private static final String WHERE = " WHERE release = ? AND file = ?";

    private final String release;
    private final String file;

    public Failures(String release, String file) {
        this.release = release;
        this.file = file;
    }

    public void add(Connection transaction, FailedRow row) throws SQLException {
        String sql = "INSERT INTO pitstop.backfill_failures (release, file, key, unit, line, sqlstate, error)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (release, file, key) DO UPDATE SET line = excluded.line,"
                + " sqlstate = excluded.sqlstate, error = excluded.error, at = clock_timestamp()";
        try (PreparedStatement insert = transaction.prepareStatement(sql)) {
            bind(insert);
            insert.setArray(3, Ranges.array(transaction, row.key()));
            insert.setString(4, row.unit());
            insert.setInt(5, row.line());
            insert.setString(6, row.sqlState());
            insert.setString(7, row.error());
            insert.executeUpdate();
        }
    }

    public void remove(Connection transaction, Position key) throws SQLException {
        String sql = "DELETE FROM pitstop.backfill_failures" + WHERE + " AND key = ?";
        try (PreparedStatement delete = transaction.prepareStatement(sql)) {
            bind(delete);
            delete.setArray(3, Ranges.array(transaction, key));
            delete.executeUpdate();
        }
    }

    public long count(Connection session) throws SQLException {
        String sql = "SELECT count(*) FROM pitstop.backfill_failures" + WHERE;
        try (PreparedStatement query = session.prepareStatement(sql)) {
            bind(query);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** In the order in which they were found. */
    public List<FailedRow> list(Connection session) throws SQLException {
        String sql = "SELECT key, unit, line, sqlstate, error FROM pitstop.backfill_failures" + WHERE + " ORDER BY at";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            bind(query);
            List<FailedRow> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new FailedRow(
                            Ranges.position(row.getArray(1)),
                            row.getString(2),
                            row.getInt(3),
                            row.getString(4),
                            row.getString(5)));
                }
            }
            return found;
        }
    }

    private void bind(PreparedStatement statement) throws SQLException {
        statement.setString(1, release);
        statement.setString(2, file);
    }
}
