package io.pitstop.evidence;

import io.pitstop.database.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Columns and functions of the application's schema as they are now; each is looked up once. */
public final class LiveCatalog {
    private static final String COLUMNS =
            """
            SELECT DISTINCT a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.relname = ? AND (n.nspname = ? OR ? = '')
            """;

    private static final String FUNCTIONS =
            """
            SELECT n.nspname, p.proname, l.lanname = 'sql',
                   CASE l.lanname WHEN 'sql' THEN p.prosrc ELSE pg_get_functiondef(p.oid) END FROM pg_proc p
              JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
             WHERE l.lanname IN ('sql', 'plpgsql') AND p.prosrc ILIKE ANY (?)
               AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pitstop', 'pitstop_archive')
            """;

    private final Database database;
    private final Map<String, Set<String>> columns = new HashMap<>();

    public LiveCatalog(Database database) {
        this.database = database;
    }

    /**
     * A function that is kept as text, so that the catalog does not know what it uses.
     *
     * @param sql true for a function in SQL, false for one in PL/pgSQL
     * @param body of a function in SQL; of one in PL/pgSQL all of its definition
     */
    public record Function(String schema, String name, boolean sql, String body) {}

    /**
     * @param schema empty for all relations of that name
     * @return none if there is no such relation
     */
    public Set<String> columns(String schema, String relation) {
        return columns.computeIfAbsent(schema + "." + relation, key -> read(schema, relation));
    }

    /** The functions whose text mentions one of some names. */
    public List<Function> functionsThatMention(Set<String> names) {
        try (Connection session = database.connect("catalog");
                PreparedStatement query = session.prepareStatement(FUNCTIONS)) {
            Database.limit(session, Duration.ofMinutes(1));
            Array patterns = session.createArrayOf(
                    "text",
                    names.stream()
                            .map(name -> "%" + name.replaceAll("([\\\\%_])", "\\\\$1") + "%")
                            .toArray());
            query.setArray(1, patterns);
            try (ResultSet rows = query.executeQuery()) {
                List<Function> functions = new ArrayList<>();
                while (rows.next()) {
                    functions.add(
                            new Function(rows.getString(1), rows.getString(2), rows.getBoolean(3), rows.getString(4)));
                }
                return functions;
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private Set<String> read(String schema, String relation) {
        try (Connection session = database.connect("catalog");
                PreparedStatement query = session.prepareStatement(COLUMNS)) {
            query.setString(1, relation);
            query.setString(2, schema);
            query.setString(3, schema);
            try (ResultSet rows = query.executeQuery()) {
                Set<String> names = new HashSet<>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }
}
