package io.pitstop.evidence;

import io.pitstop.database.Arguments;
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
            SELECT p.oid, n.nspname, p.proname, l.lanname = 'sql',
                   CASE l.lanname WHEN 'sql' THEN p.prosrc ELSE pg_get_functiondef(p.oid) END, ARGUMENTS FROM pg_proc p
              JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
             WHERE l.lanname IN ('sql', 'plpgsql') AND p.prosrc ILIKE ANY (?)
               AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pitstop', 'pitstop_archive')
             ORDER BY n.nspname, p.proname, p.oid
            """
                    .replace("ARGUMENTS", Arguments.COLUMNS);

    private static final String NAMESAKES =
            "SELECT p.oid, ARGUMENTS FROM pg_proc p WHERE p.proname = ?".replace("ARGUMENTS", Arguments.COLUMNS);

    /** Those of a partitioned table are not counted again for each partition. */
    private static final String TRIGGERS =
            """
            SELECT g.oid, g.tgname, n.nspname, c.relname FROM pg_trigger g
              JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE g.tgfoid = ?::oid AND NOT g.tgisinternal AND g.tgenabled <> 'D' AND g.tgparentid = 0
             ORDER BY g.tgname, c.relname
            """;

    private final Database database;
    private final Map<String, Set<String>> columns = new HashMap<>();

    public LiveCatalog(Database database) {
        this.database = database;
    }

    /**
     * A function that is kept as text, so that the catalog does not know what it uses.
     *
     * @param id its number in pg_proc
     * @param sql true for a function in SQL, false for one in PL/pgSQL
     * @param body of a function in SQL; of one in PL/pgSQL all of its definition
     */
    public record Function(long id, String schema, String name, boolean sql, String body, Arguments arguments) {}

    /**
     * An enabled trigger.
     *
     * @param id its number in pg_trigger
     * @param schema of its table
     */
    public record Trigger(long id, String name, String schema, String table) {}

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
                    functions.add(new Function(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getBoolean(4),
                            rows.getString(5),
                            new Arguments(rows.getInt(6), rows.getInt(7))));
                }
                return functions;
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** Which functions of a name there are, by their numbers in pg_proc, and what they take. */
    public Map<Long, Arguments> functionsNamed(String name) {
        try (Connection session = database.connect("catalog");
                PreparedStatement query = session.prepareStatement(NAMESAKES)) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                Map<Long, Arguments> functions = new HashMap<>();
                while (rows.next()) {
                    functions.put(rows.getLong(1), new Arguments(rows.getInt(2), rows.getInt(3)));
                }
                return functions;
            }
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    /** The triggers that call a function. */
    public List<Trigger> triggersOf(Function function) {
        try (Connection session = database.connect("catalog");
                PreparedStatement query = session.prepareStatement(TRIGGERS)) {
            query.setLong(1, function.id());
            try (ResultSet rows = query.executeQuery()) {
                List<Trigger> triggers = new ArrayList<>();
                while (rows.next()) {
                    triggers.add(new Trigger(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getString(4)));
                }
                return triggers;
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
