package io.pitstop.evidence;

import io.pitstop.database.Database;
import io.pitstop.release.Lease;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How far the comparison of one file has come in a release: one row of the journal. */
final class ComparisonTable {
    /** A comparison of this age need not be made again for a run that follows at once, and one that was cut short is gone on with. */
    private static final Duration FRESH = Duration.ofHours(1);

    private static final String SINCE = " > clock_timestamp() - interval '" + FRESH.toSeconds() + " s'";

    private final Connection session;
    private final Lease lease;
    private final SameFile file;

    ComparisonTable(Connection session, Lease lease, SameFile file) {
        this.session = session;
        this.lease = lease;
        this.file = file;
    }

    /**
     * @param last the key up to which rows are compared; empty before the first
     * @param end the last key of interest; empty if the table is
     */
    record Place(Optional<List<String>> last, Optional<List<String>> end) {}

    /** Where an earlier run was cut short a short while ago; empty if it was not. */
    Optional<Place> place() throws SQLException {
        String sql = "SELECT last_key, end_key FROM pitstop.comparisons WHERE release = ? AND file = ? AND checksum = ?"
                + " AND finished_at IS NULL AND advanced_at" + SINCE;
        try (PreparedStatement query = session.prepareStatement(sql)) {
            bind(query, 1, lease.release().id(), file.name(), file.checksum());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(new Place(values(row, 1), values(row, 2))) : Optional.empty();
            }
        }
    }

    /** What a run found that ended a short while ago; empty if there is none, or if it found differences. */
    Optional<Compared> fresh() throws SQLException {
        return result(" AND differing = 0 AND finished_at" + SINCE);
    }

    Compared result() throws SQLException {
        return result("").orElseThrow();
    }

    void begin(Place place) throws SQLException {
        write(
                "INSERT INTO pitstop.comparisons (release, file, checksum, last_key, end_key) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (release, file) DO UPDATE SET checksum = excluded.checksum,"
                        + " last_key = excluded.last_key, end_key = excluded.end_key, rows = 0, differing = 0,"
                        + " examples = '{}', seconds = 0, finished_at = NULL, advanced_at = excluded.advanced_at",
                lease.release().id(),
                file.name(),
                file.checksum(),
                place.last().map(this::array).orElse(null),
                place.end().map(this::array).orElse(null));
    }

    /** Notes one range of rows. */
    void advance(List<String> last, Comparison.Counts counts, double seconds) throws SQLException {
        write(
                "UPDATE pitstop.comparisons SET last_key = ?, rows = rows + ?, differing = differing + ?,"
                        + " examples = (examples || ?)[1:" + Comparison.MOST_EXAMPLES + "], seconds = seconds + ?,"
                        + " advanced_at = clock_timestamp() WHERE release = ? AND file = ?",
                array(last),
                counts.rows(),
                counts.differing(),
                array(counts.examples()),
                seconds,
                lease.release().id(),
                file.name());
    }

    void finish() throws SQLException {
        write(
                "UPDATE pitstop.comparisons SET finished_at = clock_timestamp() WHERE release = ? AND file = ?",
                lease.release().id(),
                file.name());
    }

    private Optional<Compared> result(String condition) throws SQLException {
        String sql = "SELECT rows, differing, examples, seconds, finished_at FROM pitstop.comparisons"
                + " WHERE release = ? AND file = ? AND checksum = ? AND finished_at IS NOT NULL" + condition;
        try (PreparedStatement query = session.prepareStatement(sql)) {
            bind(query, 1, lease.release().id(), file.name(), file.checksum());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Instant finished = row.getTimestamp(5).toInstant();
                return Optional.of(new Compared(
                        file.name(),
                        file.table(),
                        row.getLong(1),
                        row.getLong(2),
                        values(row, 3).orElseThrow(),
                        row.getDouble(4),
                        finished));
            }
        }
    }

    private static Optional<List<String>> values(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? Optional.empty() : Optional.of(List.of((String[]) array.getArray()));
    }

    private Array array(List<String> values) {
        try {
            return session.createArrayOf("text", values.toArray());
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private void write(String sql, Object... values) throws SQLException {
        session.setAutoCommit(false);
        try (PreparedStatement statement = session.prepareStatement(sql)) {
            lease.ensureHeld(session);
            bind(statement, 1, values);
            statement.executeUpdate();
            session.commit();
        } finally {
            session.rollback();
            session.setAutoCommit(true);
        }
    }

    private static void bind(PreparedStatement statement, int first, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(first + i, values[i]);
        }
    }
}
