package io.pitstop.archive;

import io.pitstop.database.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

/** All that the catalog says about a schema, one line an object, in an order and in words that stay the same. */
final class CatalogPicture {
    private static final String LINES =
            """
            SELECT 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                   || ' notnull=' || a.attnotnull || ' default=' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
                   || ' identity=' || a.attidentity::text || ' generated=' || a.attgenerated::text || ' collation=' || a.attcollation::regcollation
                   || ' storage=' || a.attstorage::text || ' statistics=' || coalesce(a.attstattarget, -1)
                   || ' options=' || coalesce(a.attoptions::text, '') || ' acl=' || coalesce((SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(a.attacl) x), '')
                   || ' comment=' || coalesce(col_description(a.attrelid, a.attnum), '')
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped
               AND c.relname <> 'pitstop_contract_history'
            UNION ALL
            SELECT 'relation ' || c.oid::regclass || ' ' || relkind::text || relpersistence::text || ' owner=' || relowner::regrole
                   || ' acl=' || coalesce((SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(relacl) x), '')
                   || ' options=' || coalesce(reloptions::text, '') || ' rls=' || relrowsecurity || relforcerowsecurity || relreplident::text
                   || ' comment=' || coalesce(obj_description(c.oid, 'pg_class'), '')
                   || ' ' || CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) WHEN relkind IN ('i', 'I') THEN pg_get_indexdef(c.oid) ELSE '' END
              FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'i', 'S')
               AND c.relname !~ '^pitstop_contract_history'
            UNION ALL
            SELECT 'sequence ' || seqrelid::regclass || ' ' || format_type(seqtypid, NULL) || ' ' || seqstart || ' ' || seqincrement || ' ' || seqmin
                   || ' ' || seqmax || ' ' || seqcache || seqcycle || ' of ' || coalesce(pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid), '')
              FROM pg_sequence LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = seqrelid AND d.deptype IN ('a', 'i')
             WHERE seqrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
            UNION ALL
            SELECT 'constraint ' || conname || ' on ' || CASE WHEN conrelid = 0 THEN contypid::regtype::text ELSE conrelid::regclass::text END
                   || ' ' || pg_get_constraintdef(oid) || ' comment=' || coalesce(obj_description(oid, 'pg_constraint'), '')
              FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
               AND conrelid <> coalesce(to_regclass('public.pitstop_contract_history'), 0)
            UNION ALL
            SELECT 'trigger ' || pg_get_triggerdef(oid) || tgenabled::text || coalesce(obj_description(oid, 'pg_trigger'), '') FROM pg_trigger WHERE NOT tgisinternal
               AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
            UNION ALL
            SELECT 'function ' || pg_get_functiondef(oid) || ' owner=' || proowner::regrole || ' acl=' || coalesce((SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(proacl) x), '')
                   || ' comment=' || coalesce(obj_description(oid, 'pg_proc'), '')
              FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'type ' || oid::regtype || ' ' || typtype::text || ' owner=' || typowner::regrole || ' acl=' || coalesce((SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(typacl) x), '')
                   || ' ' || coalesce((SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid), '')
                   || ' ' || coalesce(format_type(nullif(typbasetype, 0), typtypmod), '') || typnotnull || coalesce(typdefault, '')
                   || ' comment=' || coalesce(obj_description(oid, 'pg_type'), '')
              FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'c')
               AND typname <> 'pitstop_contract_history'
            UNION ALL
            SELECT 'policy ' || polname || ' on ' || polrelid::regclass || polpermissive || polcmd::text || polroles::regrole[]::text
                   || coalesce(pg_get_expr(polqual, polrelid), '') || coalesce(pg_get_expr(polwithcheck, polrelid), '')
              FROM pg_policy
            UNION ALL
            SELECT 'statistics ' || stxname || ' on ' || stxrelid::regclass || (SELECT string_agg(attname, ',' ORDER BY attname)
                     FROM pg_attribute WHERE attrelid = stxrelid AND attnum = ANY (stxkeys)) FROM pg_statistic_ext
            """;

    private CatalogPicture() {}

    /** What only one of two pictures has. */
    static Set<String> differences(Set<String> before, Set<String> after) {
        Set<String> differences = new TreeSet<>();
        before.stream().filter(line -> !after.contains(line)).forEach(line -> differences.add("- " + line));
        after.stream().filter(line -> !before.contains(line)).forEach(line -> differences.add("+ " + line));
        return differences;
    }

    static Set<String> of(TestDatabase server) {
        try (Connection session = server.connect();
                Statement statement = session.createStatement()) {
            statement.execute("SET search_path = ''");
            Set<String> lines = new TreeSet<>();
            try (ResultSet rows = statement.executeQuery(LINES)) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
            return lines;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
