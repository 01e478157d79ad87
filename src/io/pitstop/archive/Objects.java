package io.pitstop.archive;

/** Queries that read from the catalog how everything but relations is made; shaped as those of {@link Relations}. */
final class Objects {
    /** {@code ?} are whether the table goes as a whole, and the constraint. */
    static final String CONSTRAINT =
            """
            SELECT CASE WHEN fresh AND contype <> 'f' AND convalidated THEN 'STRUCTURE' ELSE 'STRICTNESS' END AS phase,
                   CASE WHEN contypid <> 0 OR fresh AND contype <> 'f' AND convalidated THEN 'PLAIN'
                        WHEN contype IN ('p', 'u') THEN 'UNIQUE' WHEN contype = 'c' THEN 'CHECK'
                        WHEN contype = 'f' THEN 'FOREIGN_KEY' ELSE 'IMPOSSIBLE' END AS manner,
                   owner.name AS target,
                   owner.alter || CASE
                        WHEN contype IN ('p', 'u') AND NOT fresh THEN format('%s USING INDEX %I%s',
                             CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, conname,
                             CASE WHEN condeferrable THEN ' DEFERRABLE' ELSE '' END
                             || CASE WHEN condeferred THEN ' INITIALLY DEFERRED' ELSE '' END)
                        WHEN contype IN ('c', 'f') AND convalidated AND NOT (fresh AND contype = 'c') THEN def || ' NOT VALID'
                        ELSE def END AS sql,
                   CASE WHEN contype IN ('p', 'u') THEN
                             regexp_replace(pg_get_indexdef(conindid), '^CREATE UNIQUE INDEX ', 'CREATE UNIQUE INDEX CONCURRENTLY ')
                        WHEN contype IN ('c', 'f') AND NOT convalidated THEN ''
                        WHEN contype = 'c' AND conrelid <> 0 THEN pg_get_expr(conbin, conrelid)
                        WHEN contype = 'f' THEN quote_ident(conname)
                        WHEN contype = 'x' THEN 'its index cannot be built while others write' ELSE '' END AS extra,
                   format('CONSTRAINT %I ON %s%s', conname, CASE WHEN contypid <> 0 THEN 'DOMAIN ' ELSE '' END, owner.name) AS subject,
                   NULL::oid AS owner, NULL::aclitem[] AS acl, '' AS granted, '{}'::text[] AS more
              FROM pg_constraint c, pg_get_constraintdef(c.oid) AS def, LATERAL (SELECT ?::boolean AS fresh) AS known,
                   LATERAL (SELECT CASE WHEN conrelid <> 0 THEN conrelid::regclass::text ELSE contypid::regtype::text END AS name,
                                   format('ALTER %s %s ADD CONSTRAINT %I ', CASE WHEN conrelid <> 0 THEN 'TABLE' ELSE 'DOMAIN' END,
                                          CASE WHEN conrelid <> 0 THEN conrelid::regclass::text ELSE contypid::regtype::text END,
                                          conname) AS alter) AS owner
             WHERE c.oid = ?::oid AND contype IN ('p', 'u', 'x', 'c', 'f') AND conparentid = 0 AND coninhcount = 0
            """;

    /** Those of the archive itself go in silence. */
    static final String TRIGGER =
            """
            SELECT 'ACTION' AS phase, 'PLAIN' AS manner, tgrelid::regclass::text AS target, pg_get_triggerdef(oid) AS sql,
                   '' AS extra, format('TRIGGER %I ON %s', tgname, tgrelid::regclass) AS subject, NULL::oid AS owner,
                   NULL::aclitem[] AS acl, '' AS granted,
                   CASE tgenabled WHEN 'O' THEN '{}' ELSE ARRAY[format('ALTER TABLE %s %s TRIGGER %I', tgrelid::regclass,
                        CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, tgname)]
                   END AS more
              FROM pg_trigger WHERE oid = ?::oid AND NOT tgisinternal AND tgparentid = 0
               AND tgname NOT LIKE '!pitstop\\_archive\\_%'
            """;

    static final String FUNCTION =
            """
            SELECT 'STRUCTURE' AS phase, 'PLAIN' AS manner, '' AS target, pg_get_functiondef(oid) AS sql, '' AS extra,
                   kind || oid::regprocedure AS subject, proowner AS owner, proacl AS acl, kind || oid::regprocedure AS granted,
                   '{}'::text[] AS more
              FROM pg_proc, LATERAL (SELECT CASE prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END AS kind) AS known
             WHERE oid = ?::oid AND prokind <> 'a'
            """;

    /** The default of a column that comes back; that of a table that comes back is made with it. */
    static final String DEFAULT =
            """
            SELECT 'STRUCTURE' AS phase, 'PLAIN' AS manner, adrelid::regclass::text AS target,
                   format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', adrelid::regclass, attname,
                          pg_get_expr(adbin, adrelid)) AS sql, '' AS extra,
                   '' AS subject, NULL::oid AS owner, NULL::aclitem[] AS acl, '' AS granted, '{}'::text[] AS more
              FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
             WHERE pg_attrdef.oid = ?::oid AND attgenerated = ''
            """;

    static final String RULE =
            """
            SELECT 'ACTION' AS phase, 'PLAIN' AS manner, ev_class::regclass::text AS target, pg_get_ruledef(oid) AS sql,
                   '' AS extra, format('RULE %I ON %s', rulename, ev_class::regclass) AS subject, NULL::oid AS owner,
                   NULL::aclitem[] AS acl, '' AS granted, '{}'::text[] AS more
              FROM pg_rewrite WHERE oid = ?::oid AND rulename <> '_RETURN'
            """;

    static final String POLICY =
            """
            SELECT 'STRUCTURE' AS phase, 'PLAIN' AS manner, polrelid::regclass::text AS target,
                   format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', polname, polrelid::regclass,
                          CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                          CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                      WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                          (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END, ', ')
                             FROM unnest(polroles) AS role))
                   || coalesce(' USING (' || pg_get_expr(polqual, polrelid) || ')', '')
                   || coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', '') AS sql,
                   '' AS extra, format('POLICY %I ON %s', polname, polrelid::regclass) AS subject, NULL::oid AS owner,
                   NULL::aclitem[] AS acl, '' AS granted, '{}'::text[] AS more
              FROM pg_policy WHERE oid = ?::oid
            """;

    static final String STATISTICS =
            """
            SELECT 'STRICTNESS' AS phase, 'PLAIN' AS manner, stxrelid::regclass::text AS target,
                   pg_get_statisticsobjdef(oid) AS sql, '' AS extra,
                   format('STATISTICS %I.%I', stxnamespace::regnamespace::text, stxname) AS subject, stxowner AS owner,
                   NULL::aclitem[] AS acl, '' AS granted, '{}'::text[] AS more
              FROM pg_statistic_ext WHERE oid = ?::oid
            """;

    static final String SCHEMA =
            """
            SELECT 'STRUCTURE' AS phase, 'PLAIN' AS manner, '' AS target, format('CREATE SCHEMA %I', nspname) AS sql,
                   '' AS extra, format('SCHEMA %I', nspname) AS subject, nspowner AS owner, nspacl AS acl,
                   format('SCHEMA %I', nspname) AS granted, '{}'::text[] AS more
              FROM pg_namespace WHERE oid = ?::oid
            """;

    /** Enumerations, domains and types of several columns; that of a table's rows is made with the table. */
    static final String TYPE =
            """
            SELECT 'STRUCTURE' AS phase, 'PLAIN' AS manner, '' AS target, sql, '' AS extra, subject, typowner AS owner,
                   typacl AS acl, subject AS granted, '{}'::text[] AS more
              FROM (SELECT t.*, CASE typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || t.oid::regtype AS subject,
                           CASE typtype
                           WHEN 'e' THEN format('CREATE TYPE %s AS ENUM (%s)', t.oid::regtype, (
                                SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum
                                 WHERE enumtypid = t.oid))
                           WHEN 'c' THEN format('CREATE TYPE %s AS (%s)', t.oid::regtype, (
                                SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
                                  FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped))
                           WHEN 'd' THEN format('CREATE DOMAIN %s AS %s', t.oid::regtype, format_type(typbasetype, typtypmod))
                                || coalesce(' DEFAULT ' || pg_get_expr(typdefaultbin, 0), '')
                                || CASE WHEN typnotnull THEN ' NOT NULL' ELSE '' END
                                || coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', conname, pg_get_constraintdef(c.oid)), '')
                                               FROM pg_constraint c WHERE contypid = t.oid AND contype = 'c'), '')
                           END AS sql
                      FROM pg_type t WHERE t.oid = ?::oid) AS t
             WHERE sql IS NOT NULL AND (typrelid = 0 OR EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c'))
            """;

    static final String PUBLISHED =
            """
            SELECT 'STRICTNESS' AS phase, 'IMPOSSIBLE' AS manner, prrelid::regclass::text AS target,
                   format('ALTER PUBLICATION %I ADD TABLE %s', pubname, prrelid::regclass) AS sql,
                   'subscribers have to be told as well' AS extra,
                   '' AS subject, NULL::oid AS owner, NULL::aclitem[] AS acl, '' AS granted, '{}'::text[] AS more
              FROM pg_publication_rel r JOIN pg_publication p ON p.oid = prpubid WHERE r.oid = ?::oid
            """;

    private Objects() {}
}
