package io.pitstop.archive;

/**
 * Queries that read from the catalog how relations and columns are made. Each gives any number of rows with the columns
 * phase, manner, target, sql, extra, subject, owner, acl, granted and more; parameters are the OID, the number of the
 * column, and the numbers of columns that go before.
 */
final class Relations {
    private static final String IDENTITY =
            """
            (SELECT format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %s START WITH %s INCREMENT BY %s MINVALUE %s'
                           ' MAXVALUE %s CACHE %s%s)',
                           CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, s.seqrelid::regclass,
                           s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                           CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
               FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
              WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype = 'i')
            """;

    private static final String COLLATION =
            """
            (SELECT CASE WHEN a.attcollation IN (0, t.typcollation) THEN ''
                         ELSE format(' COLLATE %I.%I', n.nspname, c.collname) END
               FROM pg_type t LEFT JOIN pg_collation c ON c.oid = a.attcollation
               LEFT JOIN pg_namespace n ON n.oid = c.collnamespace WHERE t.oid = a.atttypid)
            """;

    /** What a column has beside type and default: statements, for columns of the relation that {@code %s} selects. */
    private static final String MORE_OF_COLUMNS =
            """
            (SELECT array_agg(sql ORDER BY a.attnum, sql) FROM pg_attribute a, LATERAL (
                SELECT format('COMMENT ON COLUMN %%s.%%I IS %%L', a.attrelid::regclass, a.attname,
                              col_description(a.attrelid, a.attnum)) AS sql
                 WHERE col_description(a.attrelid, a.attnum) IS NOT NULL
                UNION ALL
                SELECT format('GRANT %%s (%%I) ON TABLE %%s TO %%s%%s', privilege_type, a.attname, a.attrelid::regclass,
                              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                              CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                  FROM aclexplode(a.attacl)
                UNION ALL
                SELECT format('ALTER TABLE %%s ALTER COLUMN %%I SET STORAGE %%s', a.attrelid::regclass, a.attname,
                              CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                                ELSE 'EXTENDED' END)
                  FROM pg_type t WHERE t.oid = a.atttypid AND t.typstorage <> a.attstorage
                UNION ALL
                SELECT format('ALTER TABLE %%s ALTER COLUMN %%I SET STATISTICS %%s', a.attrelid::regclass, a.attname,
                              a.attstattarget) WHERE a.attstattarget >= 0
                UNION ALL
                SELECT format('ALTER TABLE %%s ALTER COLUMN %%I SET (%%s)', a.attrelid::regclass, a.attname,
                              array_to_string(a.attoptions, ', ')) WHERE a.attoptions IS NOT NULL) AS more
              WHERE NOT a.attisdropped AND %s)
            """;

    /** {@code ?} are the table and the numbers of columns that go before: these, it, these and it again. */
    static final String TABLE =
            """
            SELECT 'STRUCTURE' AS phase, 'PLAIN' AS manner, rel AS target,
                   format('CREATE %%sTABLE %%s (%%s)%%s%%s', CASE relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, rel,
                          columns, CASE WHEN am.amname <> 'heap' THEN format(' USING %%I', am.amname) ELSE '' END,
                          ' WITH (' || array_to_string(reloptions, ', ') || ')') AS sql,
                   '' AS extra, 'TABLE ' || rel AS subject, relowner AS owner, relacl AS acl, 'TABLE ' || rel AS granted,
                   array_cat(%1$s, array_remove(ARRAY[
                       CASE WHEN relrowsecurity THEN format('ALTER TABLE %%s ENABLE ROW LEVEL SECURITY', rel) END,
                       CASE WHEN relforcerowsecurity THEN format('ALTER TABLE %%s FORCE ROW LEVEL SECURITY', rel) END,
                       CASE relreplident WHEN 'f' THEN format('ALTER TABLE %%s REPLICA IDENTITY FULL', rel)
                                         WHEN 'n' THEN format('ALTER TABLE %%s REPLICA IDENTITY NOTHING', rel) END], NULL)) AS more
              FROM (SELECT c.*, c.oid::regclass::text AS rel FROM pg_class c WHERE c.oid = ?::oid AND relkind = 'r') AS c
              LEFT JOIN pg_am am ON am.oid = c.relam
             CROSS JOIN LATERAL (
                   SELECT string_agg(format('%%I %%s', a.attname, format_type(a.atttypid, a.atttypmod)) || %2$s
                          || coalesce(%3$s, CASE WHEN d.adbin IS NULL THEN ''
                               WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                               WHEN a.attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%%s) VIRTUAL', pg_get_expr(d.adbin, d.adrelid))
                               ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END)
                          || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum) AS columns
                     FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                      AND NOT a.attnum = ANY (?::text[]::int[])) AS columns
            UNION ALL
            SELECT 'STRUCTURE', 'VALUE', d.objid::regclass::text, '', '', '', NULL, NULL, '', '{}'
              FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
             WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::oid
               AND d.deptype = 'i'
            """
                    .formatted(
                            MORE_OF_COLUMNS.formatted(
                                    "a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attnum = ANY (?::text[]::int[])"),
                            COLLATION,
                            IDENTITY);

    /** A domain that checks its values is left out: the whole table would be read, and rewritten, under a strong lock. */
    static final String COLUMN =
            """
            WITH col AS (
                SELECT a.*, a.attrelid::regclass::text AS rel, pg_get_expr(d.adbin, d.adrelid) AS expression,
                       %2$s AS collated, %3$s AS identity, checked.base IS NOT NULL AS is_checked,
                       coalesce(checked.base, format_type(a.atttypid, a.atttypmod)) AS type
                  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                  LEFT JOIN LATERAL (
                       SELECT format_type(t.typbasetype, t.typtypmod) AS base FROM pg_type t WHERE t.oid = a.atttypid
                          AND t.typtype = 'd' AND (t.typnotnull OR EXISTS (SELECT FROM pg_constraint WHERE contypid = t.oid)))
                       AS checked ON true
                 WHERE a.attrelid = ?::oid AND a.attnum = ?::int AND a.attinhcount = 0),
            added AS (
                SELECT *, format('ALTER TABLE %%s ADD COLUMN %%I %%s%%s', rel, attname, type, collated) AS sql FROM col)
            SELECT 'STRUCTURE' AS phase, CASE attgenerated WHEN 's' THEN 'IMPOSSIBLE' ELSE 'PLAIN' END AS manner,
                   rel AS target, CASE attgenerated WHEN '' THEN sql
                       WHEN 's' THEN sql || format(' GENERATED ALWAYS AS (%%s) STORED', expression)
                       ELSE sql || format(' GENERATED ALWAYS AS (%%s) VIRTUAL', expression) END AS sql,
                   CASE attgenerated WHEN 's' THEN 'it would rewrite the whole table under a strong lock' ELSE '' END AS extra,
                   '' AS subject, NULL::oid AS owner, NULL::aclitem[] AS acl, '' AS granted,
                   CASE attgenerated WHEN 's' THEN '{}' ELSE %1$s END AS more FROM added
            UNION ALL
            SELECT 'STRICTNESS', 'NOT_NULL', rel, format('ALTER TABLE %%s ALTER COLUMN %%I SET NOT NULL', rel, attname),
                   quote_ident(attname), '', NULL, NULL, '', '{}' FROM added WHERE attnotnull AND attgenerated <> 's'
            UNION ALL
            SELECT 'STRICTNESS', 'PLAIN', rel, format('ALTER TABLE %%s ALTER COLUMN %%I ADD%%s', rel, attname, identity),
                   '', '', NULL, NULL, '', '{}' FROM added WHERE identity IS NOT NULL
            UNION ALL
            SELECT 'STRICTNESS', 'VALUE', d.objid::regclass::text, '', '', '', NULL, NULL, '', '{}'
              FROM added JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
               AND d.refobjid = attrelid AND d.refobjsubid = attnum AND d.deptype = 'i'
              JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
            UNION ALL
            SELECT 'STRICTNESS', 'IMPOSSIBLE', rel,
                   format('ALTER TABLE %%s ALTER COLUMN %%I TYPE %%s', rel, attname, format_type(atttypid, atttypmod)),
                   'its type checks values, so the whole table would be read under a strong lock', '', NULL, NULL, '', '{}'
              FROM added WHERE is_checked
            """
                    .formatted(
                            MORE_OF_COLUMNS.formatted("a.attrelid = added.attrelid AND a.attnum = added.attnum"),
                            COLLATION,
                            IDENTITY);

    /** That of an identity column is made with its column. */
    static final String SEQUENCE =
            """
            WITH s AS (SELECT s.*, c.relowner, c.relacl, c.oid::regclass::text AS rel FROM pg_sequence s
                         JOIN pg_class c ON c.oid = s.seqrelid WHERE c.oid = ?::oid AND NOT EXISTS (
                            SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'i'))
            SELECT 'STRUCTURE' AS phase, 'PLAIN' AS manner, '' AS target,
                   format('CREATE SEQUENCE %s AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', rel,
                          format_type(seqtypid, NULL), seqincrement, seqmin, seqmax, seqstart, seqcache,
                          CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END) AS sql,
                   '' AS extra, 'SEQUENCE ' || rel AS subject, relowner AS owner, relacl AS acl, 'SEQUENCE ' || rel AS granted,
                   '{}'::text[] AS more FROM s
            UNION ALL
            SELECT 'STRUCTURE', 'VALUE', rel, '', '', '', NULL, NULL, '', '{}' FROM s
            UNION ALL
            SELECT 'STRUCTURE', 'PLAIN', '', format('ALTER SEQUENCE %s OWNED BY %s.%I', rel, a.attrelid::regclass, a.attname),
                   '', '', NULL, NULL, '', '{}'
              FROM s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype = 'a'
               AND d.refclassid = 'pg_class'::regclass
              JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            """;

    static final String VIEW =
            """
            WITH v AS (SELECT c.*, c.oid::regclass::text AS rel FROM pg_class c WHERE c.oid = ?::oid AND relkind IN ('v', 'm'))
            SELECT 'STRUCTURE' AS phase, 'PLAIN' AS manner, '' AS target,
                   format('CREATE %sVIEW %s%s AS %s%s', CASE relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END, rel,
                          ' WITH (' || array_to_string(reloptions, ', ') || ')', rtrim(pg_get_viewdef(oid), ';'),
                          CASE relkind WHEN 'm' THEN ' WITH NO DATA' ELSE '' END) AS sql,
                   '' AS extra, CASE relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END || 'VIEW ' || rel AS subject,
                   relowner AS owner, relacl AS acl, 'TABLE ' || rel AS granted, %s AS more FROM v
            UNION ALL
            SELECT 'STRICTNESS', 'ALONE', rel, 'REFRESH MATERIALIZED VIEW ' || rel, '', '', NULL, NULL, '', '{}'
              FROM v WHERE relkind = 'm' AND relispopulated
            """;

    private Relations() {}

    static String view() {
        return VIEW.replace(
                "%s AS more", MORE_OF_COLUMNS.formatted("a.attrelid = v.oid AND a.attnum > 0") + " AS more");
    }

    /** One that backs a constraint is made with it, that of a partition with its parent's. */
    static final String INDEX =
            """
            SELECT CASE WHEN fresh THEN 'STRUCTURE' ELSE 'STRICTNESS' END AS phase,
                   CASE WHEN fresh THEN 'PLAIN' WHEN c.relkind = 'I' OR NOT i.indisvalid THEN 'IMPOSSIBLE' ELSE 'INDEX' END AS manner,
                   i.indrelid::regclass::text AS target,
                   CASE WHEN fresh OR c.relkind = 'I' THEN def
                        ELSE regexp_replace(def, '^CREATE( UNIQUE)? INDEX ', 'CREATE\\1 INDEX CONCURRENTLY ') END AS sql,
                   CASE WHEN c.relkind = 'I' THEN 'that of a partitioned table cannot be built while others write'
                        WHEN NOT i.indisvalid THEN 'it was not valid' ELSE c.oid::regclass::text END AS extra,
                   'INDEX ' || c.oid::regclass AS subject, NULL::oid AS owner, NULL::aclitem[] AS acl, '' AS granted,
                   array_remove(ARRAY[
                       CASE WHEN i.indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I', i.indrelid::regclass, c.relname) END,
                       CASE WHEN i.indisreplident
                            THEN format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', i.indrelid::regclass, c.relname) END],
                       NULL) AS more
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid, pg_get_indexdef(i.indexrelid) AS def,
                   LATERAL (SELECT ?::boolean AS fresh) AS known
             WHERE i.indexrelid = ?::oid AND NOT c.relispartition AND c.relnamespace <> 'pg_toast'::regnamespace
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
            """;
}
