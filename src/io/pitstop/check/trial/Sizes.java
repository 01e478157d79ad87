package io.pitstop.check.trial;

import io.pitstop.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** How large the tables of the application's database are. */
@FunctionalInterface
public interface Sizes {
    /** Of no database. */
    Sizes UNKNOWN = table -> OptionalLong.empty();

    /**
     * In bytes, without indexes; empty if nobody knows.
     *
     * @param table without the schema if that is public
     */
    OptionalLong bytes(String table);

    /** Those of a database, asked once. */
    static Sizes of(Database database) {
        String sql =
                """
                SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname,
                       CASE c.relkind WHEN 'p' THEN (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(c.oid))
                       ELSE pg_relation_size(c.oid) END
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384""";
        Map<String, Long> bytes = new HashMap<>();
        try (Connection connection = database.connect("check");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                bytes.put(rows.getString(1), rows.getLong(2));
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
        return table -> bytes.containsKey(table) ? OptionalLong.of(bytes.get(table)) : OptionalLong.empty();
    }
}
