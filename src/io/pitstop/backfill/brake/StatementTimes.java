package io.pitstop.backfill.brake;

import io.pitstop.database.StatementStatistics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** How long the application's own statements on the table take, by pg_stat_statements. */
final class StatementTimes implements Signal {
    private static final double TIMES = 3;
    private static final double LEAST_MS = 5;
    private static final int ENOUGH_CALLS = 20;

    private static final String VIEW = "{view}";

    /** What we send ourselves names a table of ours, or begins with the mark of a batch. */
    private static final String SQL = "SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0) FROM "
            + VIEW
            + " s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database() AND position(? IN query) > 0"
            + " AND query NOT LIKE '%pitstop%' AND query NOT LIKE '%ctid%' AND query ~* '^\\s*(/\\*.*?\\*/\\s*)*(select|update|insert|delete)'";

    private final String sql;
    private final String table;
    private double calls;
    private double ms;
    private double usualMs;

    private StatementTimes(Connection session, String view, String table) throws SQLException {
        this.sql = SQL.replace(VIEW, view);
        this.table = table;
        load(session);
        this.usualMs = calls > 0 ? ms / calls : 0;
    }

    /**
     * Empty where the extension is not installed, in whatever schema.
     *
     * @param table without its schema
     * @throws SQLException if it is, but the server has not loaded it or the user may not see it
     */
    static Optional<StatementTimes> of(Connection session, String table) throws SQLException {
        Optional<String> schema = StatementStatistics.schema(session);
        return schema.isEmpty()
                ? Optional.empty()
                : Optional.of(new StatementTimes(session, schema.get() + ".pg_stat_statements", table));
    }

    @Override
    public String name() {
        return "statements";
    }

    @Override
    public boolean isForOthers() {
        return true;
    }

    @Override
    public Reading read(Connection session) throws SQLException {
        double callsBefore = calls;
        double msBefore = ms;
        load(session);
        if (calls - callsBefore < ENOUGH_CALLS) {
            calls = callsBefore;
            ms = msBefore;
            return Reading.GOOD;
        }
        double mean = (ms - msBefore) / (calls - callsBefore);
        double limit = Math.max(LEAST_MS, TIMES * usualMs);
        return mean <= limit
                ? Reading.GOOD
                : Reading.slow(String.format(
                        Locale.ROOT, "statements on %s take %.1f ms, usually %.1f", table, mean, usualMs));
    }

    private void load(Connection session) throws SQLException {
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                calls = row.getDouble(1);
                ms = row.getDouble(2);
            }
        }
    }
}
