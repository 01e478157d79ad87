package io.pitstop.archive;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which objects there are that somebody made: those of Pitstop and of temporary schemas do not count. */
final class Catalog {
    private static final String NAMESPACE = "%s NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(toast|temp)'"
            + " OR nspname IN ('pg_catalog', 'information_schema', 'pitstop', 'pitstop_archive'))";

    /** A catalog, and which of its rows are objects of interest. */
    private static final Map<String, String> CATALOGS = catalogs();

    private Catalog() {}

    /** The objects of this moment. */
    static Set<ObjectId> read(Connection session) throws SQLException {
        String sql = CATALOGS.entrySet().stream()
                .map(entry -> "SELECT '" + entry.getKey() + "'::regclass::oid, oid, 0 FROM " + entry.getKey()
                        + " WHERE oid >= 16384 AND " + entry.getValue())
                .collect(joining(" UNION ALL "));
        String columns = " UNION ALL SELECT 'pg_class'::regclass::oid, attrelid, attnum FROM pg_attribute"
                + " JOIN pg_class c ON c.oid = attrelid WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped"
                + " AND c.relkind IN ('r', 'p', 'f') AND " + NAMESPACE.formatted("c.relnamespace");
        return new HashSet<>(
                Query.list(session, sql + columns, row -> new ObjectId(row.getLong(1), row.getLong(2), row.getInt(3))));
    }

    /** Objects as people know them; those that are not there are left out. */
    static List<String> names(Connection session, Set<ObjectId> objects) throws SQLException {
        String sql = "SELECT type || ' ' || identity FROM unnest(?::text[]::oid[], ?::text[]::oid[], ?::text[]::int[])"
                + " AS o (classid, objid, objsubid), pg_identify_object(classid, objid, objsubid)"
                + " WHERE identity IS NOT NULL AND type IS NOT NULL ORDER BY 1";
        List<ObjectId> list = List.copyOf(objects);
        return Query.list(
                session,
                sql,
                row -> row.getString(1),
                list.stream().map(id -> Long.toString(id.catalog())).toList(),
                list.stream().map(id -> Long.toString(id.object())).toList(),
                list.stream().map(id -> Integer.toString(id.part())).toList());
    }

    private static Map<String, String> catalogs() {
        Map<String, String> catalogs = new LinkedHashMap<>();
        catalogs.put("pg_class", NAMESPACE.formatted("relnamespace"));
        catalogs.put("pg_constraint", "contype <> 'n' AND " + NAMESPACE.formatted("connamespace"));
        catalogs.put("pg_trigger", "NOT tgisinternal AND tgname NOT LIKE '!pitstop\\_archive\\_%'");
        catalogs.put("pg_proc", NAMESPACE.formatted("pronamespace"));
        catalogs.put("pg_type", NAMESPACE.formatted("typnamespace"));
        catalogs.put("pg_rewrite", "rulename <> '_RETURN'");
        catalogs.put("pg_attrdef", "true");
        catalogs.put("pg_policy", "true");
        catalogs.put("pg_statistic_ext", "true");
        catalogs.put("pg_namespace", "nspname !~ '^pg_(toast|temp)' AND nspname NOT IN ('pitstop', 'pitstop_archive')");
        for (String other : List.of(
                "pg_extension",
                "pg_operator",
                "pg_opclass",
                "pg_opfamily",
                "pg_cast",
                "pg_collation",
                "pg_conversion",
                "pg_ts_config",
                "pg_ts_dict",
                "pg_ts_parser",
                "pg_ts_template",
                "pg_publication",
                "pg_foreign_server",
                "pg_foreign_data_wrapper",
                "pg_language",
                "pg_event_trigger")) {
            catalogs.put(other, "true");
        }
        return catalogs;
    }
}
