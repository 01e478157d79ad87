package io.pitstop.backfill.brake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A signal that one query reads.
 *
 * @param sql gives a number, and what it is in words; no number if it cannot be read
 * @param easeFrom the number from which on the backfill should do somewhat less
 * @param slowFrom the number from which on the backfill should do less
 * @param stopFrom the number from which on no batch may begin
 */
record Gauge(String name, boolean isForOthers, String sql, double easeFrom, double slowFrom, double stopFrom)
        implements Signal {
    static final double NEVER = Double.POSITIVE_INFINITY;

    @Override
    public Reading read(Connection session) throws SQLException {
        try (Statement query = session.createStatement();
                ResultSet row = query.executeQuery(sql)) {
            if (!row.next()) {
                return Reading.GOOD;
            }
            double value = row.getDouble(1);
            String words = row.getString(2);
            if (row.getObject(1) == null) {
                return Reading.slow(words);
            }
            if (value >= stopFrom) {
                return Reading.stop(words);
            }
            if (value >= slowFrom) {
                return Reading.slow(words);
            }
            return value >= easeFrom ? Reading.ease(words) : Reading.GOOD;
        }
    }
}
