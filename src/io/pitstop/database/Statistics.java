package io.pitstop.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What the planner believes about tables. After a backfill it knows nothing of the new columns until autovacuum comes
 * by, which may take a minute: meanwhile the new version's first statements scan whole tables.
 */
public final class Statistics {
    /** As autovacuum decides, autovacuum_analyze_threshold and _scale_factor at their defaults; ours to analyze only. */
    private static final String STALE =
            "SELECT relid::regclass::text FROM pg_stat_user_tables JOIN pg_class ON pg_class.oid = relid"
                    + " WHERE schemaname NOT IN ('pitstop', 'pitstop_archive') AND n_mod_since_analyze > 50 + 0.1 * n_live_tup"
                    + " AND pg_has_role(relowner, 'USAGE') ORDER BY 1";

    private static final int SHARED_STATISTICS = 15;

    private final Database database;

    public Statistics(Database database) {
        this.database = database;
    }

    /**
     * Analyzes the tables of which a good part has changed since that was last done. Takes seconds, and blocks neither
     * readers nor writers.
     *
     * @param purpose of the session
     * @return the tables that were analyzed
     */
    public List<String> refresh(String purpose) {
        try (Connection connection = database.connect(purpose);
                Statement statement = connection.createStatement()) {
            if (connection.getMetaData().getDatabaseMajorVersion() < SHARED_STATISTICS) {
                statement.execute("SELECT pg_sleep(1)"); // what others changed is counted half a second late there
            }
            List<String> stale = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(STALE)) {
                while (rows.next()) {
                    stale.add(rows.getString(1));
                }
            }
            for (String table : stale) {
                statement.execute("ANALYZE " + table);
            }
            return stale;
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }
}
