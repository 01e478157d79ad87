package io.pitstop.evidence;

import io.pitstop.database.Database;
import io.pitstop.database.Mark;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.evidence.ComparisonTable.Place;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Compares old and new values of all rows of one table, range by range along its key; goes on where it was cut short. */
final class Comparison {
    static final int MOST_EXAMPLES = 10;

    private static final long FIRST_ROWS = 20_000;
    private static final long MOST_ROWS = 500_000;
    /** For how long one range should hold a snapshot. */
    private static final double SECONDS = 0.5;

    private final SameFile file;
    private final Connection session;
    private final ComparisonTable table;

    /** @param session for the reading, which the application's writes do not wait for */
    Comparison(SameFile file, Connection session, ComparisonTable table) {
        this.file = file;
        this.session = session;
        this.table = table;
    }

    /** What was found in one range. */
    record Counts(long rows, long differing, List<Long> examples) {}

    Compared run() throws SQLException {
        Optional<Compared> fresh = table.fresh();
        if (fresh.isPresent()) {
            return fresh.get();
        }
        Optional<Place> cut = table.place();
        Place place = cut.isPresent() ? cut.get() : begin();
        session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        session.setReadOnly(true); // a slip in the file must not be able to change anything
        session.setAutoCommit(false);
        long last = place.last();
        long rows = FIRST_ROWS;
        while (last < place.end()) {
            if (Thread.interrupted()) {
                throw Interrupted.whileDoing("comparing " + file.table() + " by " + file.name());
            }
            long start = System.nanoTime();
            long to = end(last, place.end(), rows);
            Counts counts = compare(last + 1, to);
            session.commit();
            double took = (System.nanoTime() - start) / 1e9;
            table.advance(to, counts, took);
            last = to;
            rows = Math.max(1, Math.min(MOST_ROWS, (long) (rows * Math.min(2, SECONDS / took))));
        }
        table.finish();
        return table.result();
    }

    private Place begin() throws SQLException {
        String sql = "SELECT min(" + file.key() + "), max(" + file.key() + ") FROM " + file.table();
        try (PreparedStatement query = session.prepareStatement(Mark.on(sql));
                ResultSet row = query.executeQuery()) {
            row.next();
            long first = row.getLong(1);
            Place place = new Place(row.wasNull() ? 0 : first - 1, row.getLong(2));
            table.begin(place.last(), place.end());
            return place;
        } catch (SQLException e) {
            throw wrong(e);
        }
    }

    /** The last key of the next range. */
    private long end(long last, long end, long rows) throws SQLException {
        String sql = "SELECT max(k) FROM (SELECT " + file.key() + " AS k FROM " + file.table() + " WHERE " + file.key()
                + " > ? AND " + file.key() + " <= ? ORDER BY " + file.key() + " LIMIT ?) AS range";
        try (PreparedStatement query = session.prepareStatement(Mark.on(sql))) {
            query.setLong(1, last);
            query.setLong(2, end);
            query.setLong(3, rows);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                long to = row.getLong(1);
                return row.wasNull() ? end : to;
            }
        }
    }

    private Counts compare(long from, long to) throws SQLException {
        String sql = "SELECT count(*), count(*) FILTER (WHERE same IS NOT TRUE),"
                + " (array_agg(key ORDER BY key) FILTER (WHERE same IS NOT TRUE))[1:" + MOST_EXAMPLES + "]::bigint[],"
                + " (SELECT count(*) FROM " + file.table() + " WHERE " + file.key() + " BETWEEN ? AND ?)"
                + " FROM (" + file.sql() + ") AS compared (key, same)";
        try (PreparedStatement query = session.prepareStatement(Mark.on(sql))) {
            query.setLong(1, from);
            query.setLong(2, to);
            int index = 3;
            for (boolean isFrom : file.bounds()) {
                query.setLong(index++, isFrom ? from : to);
            }
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getLong(1) != row.getLong(4)) {
                    throw new InvalidConfig(
                            file.path() + ": the query of \"same\" gives " + row.getLong(1) + " rows for the "
                                    + row.getLong(4) + " rows of " + file.table() + " with " + file.key() + " from "
                                    + from + " to " + to + ".",
                            "Let it give one row for each row of the table, by LEFT JOIN for instance.");
                }
                Array examples = row.getArray(3);
                List<Long> keys = examples == null ? List.of() : List.of((Long[]) examples.getArray());
                return new Counts(row.getLong(1), row.getLong(2), keys);
            }
        } catch (SQLException e) {
            throw wrong(e);
        }
    }

    private RuntimeException wrong(SQLException e) {
        return Database.isOutside(e)
                ? Database.failure(e)
                : new InvalidConfig(
                        file.path() + ": the query of \"same\" fails: " + Database.message(e) + " (" + e.getSQLState()
                                + ").",
                        "Correct it, then run the step again.",
                        e);
    }
}
