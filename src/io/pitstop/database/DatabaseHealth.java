package io.pitstop.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * How the database feels at one moment.
 *
 * @param versionNumber as server_version_num, such as 180006
 * @param sessions client sessions of the whole server
 * @param maxSessions how many of them the server takes from users without special rights
 * @param invalidIndexes left by concurrent builds that failed, with their schema
 */
public record DatabaseHealth(
        String version, int versionNumber, String user, int sessions, int maxSessions, List<String> invalidIndexes) {

    public static DatabaseHealth read(Database database) {
        String sql = "SELECT current_setting('server_version'), current_setting('server_version_num')::int,"
                + " current_user, (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
                + " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int";
        try (Connection connection = database.connect("doctor");
                Statement statement = connection.createStatement()) {
            List<String> invalid = invalidIndexes(statement);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return new DatabaseHealth(
                        row.getString(1), row.getInt(2), row.getString(3), row.getInt(4), row.getInt(5), invalid);
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private static List<String> invalidIndexes(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(
                "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return List.copyOf(names);
    }
}
