package io.pitstop.evidence;

import static io.pitstop.evidence.Missing.Kind.PRIVILEGE;
import static io.pitstop.evidence.Missing.Kind.STATISTICS;

import io.pitstop.database.StatementStatistics;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * The extension pg_stat_statements as this server has it.
 *
 * @param schema that the extension is in, quoted
 * @param tellsLosses true if it tells what it has forgotten, and which statements ran inside of others; from 14 on
 * @param unreadable why it cannot be used; empty if it can
 */
record StatementView(String schema, boolean tellsLosses, Optional<Missing> unreadable) {
    private static final int TELLS_LOSSES = 140_000;

    private static final String FACTS =
            """
            SELECT current_setting('server_version_num')::int,
                   pg_has_role('pg_read_all_stats', 'USAGE'), current_user,
                   coalesce(current_setting('pg_stat_statements.track', true), 'not loaded')
            """;

    static StatementView of(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(FACTS)) {
            row.next();
            String schema = StatementStatistics.schema(session).orElse(null);
            boolean tellsLosses = row.getInt(1) >= TELLS_LOSSES;
            String user = row.getString(3);
            String track = row.getString(4);
            Optional<Missing> unreadable = Optional.empty();
            if (schema == null) {
                unreadable = missing(
                        STATISTICS,
                        "the extension pg_stat_statements is not there",
                        "Add it to shared_preload_libraries, and CREATE EXTENSION pg_stat_statements, before the switch.");
            } else if (!isLoaded(session, schema)) {
                unreadable = missing(
                        STATISTICS,
                        "pg_stat_statements is not loaded",
                        "Add it to shared_preload_libraries and restart the server, before the switch.");
            } else if (track.equals("none")) {
                unreadable =
                        missing(STATISTICS, "pg_stat_statements.track is none", "Set it to top, before the switch.");
            } else if (!row.getBoolean(2)) {
                unreadable = missing(
                        PRIVILEGE,
                        user + " may not see the statements of others",
                        "GRANT pg_read_all_stats TO " + user + ", before the switch.");
            }
            return new StatementView(schema, tellsLosses, unreadable);
        }
    }

    /** A subquery {@code s} of one row: reset_at, evictions. */
    String state() {
        return tellsLosses
                ? "(SELECT stats_reset AS reset_at, dealloc AS evictions FROM " + schema + ".pg_stat_statements_info) s"
                : "(SELECT NULL::timestamptz AS reset_at, 0::bigint AS evictions) s";
    }

    /**
     * A subquery {@code s} of what was counted in this database: role, query, calls, text.
     *
     * @param texts false if they need not be read, which saves most of the time
     */
    String counts(boolean texts) {
        return "(SELECT userid AS role, queryid AS query, sum(calls)::bigint AS calls, min(query) AS text FROM "
                + schema
                + ".pg_stat_statements(" + texts + ") WHERE queryid IS NOT NULL"
                + " AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + (tellsLosses ? " AND toplevel" : "") + " GROUP BY userid, queryid) s";
    }

    private static boolean isLoaded(Connection session, String schema) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SELECT FROM " + schema + ".pg_stat_statements(false) LIMIT 1");
            return true;
        } catch (SQLException e) {
            if ("55000".equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private static Optional<Missing> missing(Missing.Kind kind, String why, String how) {
        return Optional.of(new Missing(kind, "Nobody knows which statements ran since the switch: " + why + ".", how));
    }
}
