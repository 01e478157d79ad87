package io.pitstop.draft.table;

import io.pitstop.error.InvalidConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a table from the database itself. */
public final class Catalog {
    private static final String COLUMNS =
            """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
                   a.attidentity <> '' OR a.attgenerated <> '',
                   CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END
            FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";
    private static final String NAMES_OF =
            "ARRAY(SELECT a.attname::text FROM unnest(%s) WITH ORDINALITY k (number, place) JOIN pg_attribute a"
                    + " ON a.attrelid = %s AND a.attnum = k.number ORDER BY k.place)";
    private static final String INDEXES = "SELECT c.relname, " + NAMES_OF.formatted("i.indkey::int2[]", "i.indrelid")
            + ", i.indisunique, con.contype IS NOT DISTINCT FROM 'u',"
            // A collation, an operator class, NULLS NOT DISTINCT and so on would stand among or behind the columns.
            + " con.contype IS DISTINCT FROM 'x' AND con.condeferrable IS NOT TRUE AND"
            + " right(regexp_replace(pg_get_indexdef(i.indexrelid), ' WITH \\(.*\\)$', ''), length(plain.columns))"
            + " = plain.columns, CASE WHEN con.contype = 'x' OR con.condeferrable THEN 'CONSTRAINT ' || quote_ident(con.conname) || ' '"
            + " || pg_get_constraintdef(con.oid) ELSE pg_get_indexdef(i.indexrelid) END, i.indisprimary"
            + " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            + " LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.contype IN ('u', 'x')"
            + " CROSS JOIN LATERAL (SELECT ' USING btree (' || string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) || ')'"
            + " FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place) JOIN pg_attribute a"
            + " ON a.attrelid = i.indrelid AND a.attnum = k.number) plain (columns)"
            + " WHERE i.indrelid = ?::oid AND i.indisvalid ORDER BY c.relname";
    private static final String BINDINGS = "SELECT CASE WHEN contype = 'c' THEN 'CHECK' WHEN conrelid = t.oid"
            + " THEN 'FOREIGN_KEY' ELSE 'INCOMING' END, conname, conrelid::regclass::text, "
            + NAMES_OF.formatted("CASE WHEN conrelid = t.oid THEN conkey ELSE confkey END", "t.oid")
            + ", pg_get_constraintdef(c.oid) FROM pg_constraint c, (SELECT ?::oid AS oid) t"
            + " WHERE contype = 'c' AND conrelid = t.oid OR contype = 'f' AND t.oid IN (conrelid, confrelid)"
            + " ORDER BY conname";

    private static final String DEPENDENTS =
            """
            SELECT DISTINCT 'DEPENDENT', '', '', ARRAY[a.attname::text], pg_describe_object(d.classid, d.objid, 0)
            FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::oid AND d.deptype = 'n'
              AND d.classid IN ('pg_trigger'::regclass, 'pg_rewrite'::regclass, 'pg_policy'::regclass)
            ORDER BY 5""";

    private final Connection session;

    public Catalog(Connection session) {
        this.session = session;
    }

    /**
     * @param schema empty to look along the search path
     * @throws InvalidConfig if there is no such table, or it has no primary key
     */
    public Table table(String schema, String name) throws SQLException {
        String sql = (schema.isEmpty() ? "" : Identifier.quoted(schema) + ".") + Identifier.quoted(name);
        long oid = oid(sql);
        List<Index> indexes = new ArrayList<>();
        List<String> key = new ArrayList<>();
        rows(INDEXES, oid, row -> {
            if (row.getBoolean(7)) {
                key.addAll(texts(row, 2));
            } else {
                indexes.add(new Index(
                        row.getString(1),
                        texts(row, 2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        row.getString(6)));
            }
        });
        return new Table(schema, name, columns(oid), key, triggers(oid), indexes, bindings(oid), grants(oid));
    }

    private long oid(String sql) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (PreparedStatement query =
                session.prepareStatement("SELECT oid, relkind::text FROM pg_class WHERE oid = to_regclass(?)")) {
            query.setString(1, sql);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (!row.getString(2).equals("r")) {
                        throw new InvalidConfig(
                                sql + " is not a table with rows of its own.",
                                "Name an ordinary table; draft the change of a partitioned one by hand.");
                    }
                    found.add(row.getLong(1));
                }
            }
        }
        if (found.isEmpty()) {
            throw new InvalidConfig("There is no table " + sql + ".", "Name a table, with its schema if need be.");
        }
        return found.get(0);
    }

    private List<Column> columns(long table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        rows(
                COLUMNS,
                table,
                row -> columns.add(new Column(
                        row.getString(1),
                        row.getString(2),
                        Optional.ofNullable(row.getString(6)),
                        row.getBoolean(3),
                        row.getBoolean(5) ? Optional.empty() : Optional.ofNullable(row.getString(4)),
                        row.getBoolean(5))));
        return columns;
    }

    /** Bits of tgtype: 1 for each row, 2 before. */
    private List<String> triggers(long table) throws SQLException {
        List<String> names = new ArrayList<>();
        rows(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = ?::oid AND NOT tgisinternal AND tgtype & 3 = 3",
                table,
                row -> names.add(row.getString(1)));
        return names;
    }

    private List<Binding> bindings(long table) throws SQLException {
        List<Binding> bindings = new ArrayList<>();
        for (String sql : List.of(BINDINGS, DEPENDENTS)) {
            rows(
                    sql,
                    table,
                    row -> bindings.add(new Binding(
                            Binding.Kind.valueOf(row.getString(1)),
                            row.getString(2),
                            row.getString(3),
                            texts(row, 4),
                            row.getString(5))));
        }
        return bindings;
    }

    private List<String> grants(long table) throws SQLException {
        List<String> grants = new ArrayList<>();
        rows(
                "SELECT string_agg(privilege_type, ', ' ORDER BY privilege_type) || ' ON %s TO ' || CASE grantee"
                        + " WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END"
                        + " FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = ?::oid AND grantee <> relowner"
                        + " AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') GROUP BY grantee ORDER BY 1",
                table, row -> grants.add(row.getString(1)));
        return grants;
    }

    private void rows(String sql, long table, Reader reader) throws SQLException {
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setLong(1, table);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private interface Reader {
        void read(ResultSet row) throws SQLException;
    }
}
