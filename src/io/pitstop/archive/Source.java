package io.pitstop.archive;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A table of which something is kept: the table as a whole, or columns of it.
 *
 * @param table with its schema, quoted where SQL needs it
 * @param whole true if the table goes
 * @param keys what tells one row from another
 * @param columns what is kept beside the keys; what the server computes itself is not
 */
record Source(String table, boolean whole, List<Column> keys, List<Column> columns) {
    /** A domain is kept as what it is based on. */
    private static final String COLUMNS =
            """
            WITH RECURSIVE base (name, number, type, typmod) AS (
                SELECT attname::text, attnum, atttypid, atttypmod FROM pg_attribute
                 WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                UNION ALL
                SELECT base.name, base.number, typbasetype, typtypmod FROM base JOIN pg_type t ON t.oid = base.type
                 WHERE typtype = 'd')
            SELECT base.name, format_type(a.atttypid, a.atttypmod) AS type,
                   CASE WHEN ours THEN format_type(base.type, base.typmod) ELSE 'text' END AS kept,
                   CASE WHEN a.attcollation = 0 THEN '' ELSE (SELECT format('%I.%I', n.nspname, c.collname)
                      FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE c.oid = a.attcollation) END
                   AS collated,
                   NOT ours OR t.typcollation <> 0 AS textual
              FROM base
              JOIN pg_attribute a ON a.attrelid = to_regclass(?) AND a.attnum = base.number
              JOIN pg_type t ON t.oid = base.type AND t.typtype <> 'd'
             CROSS JOIN LATERAL (SELECT t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm') AS ours)
                AS known
             ORDER BY base.number
            """;

    /** The primary key or else the narrowest unique index, of columns that are never null and stay. */
    private static final String KEYS =
            """
            SELECT array_agg(a.attname::text ORDER BY k.place) AS keys
              FROM pg_index i
             CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
             WHERE i.indrelid = to_regclass(?) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
               AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
             GROUP BY i.indexrelid, i.indisprimary, i.indnkeyatts
            HAVING bool_and(a.attnotnull) AND NOT array_agg(a.attname::text) && ?::text[]
             ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1
            """;

    Source {
        keys = List.copyOf(keys);
        columns = List.copyOf(columns);
    }

    /**
     * What tells the rows of a table from each other once {@code leaving} are gone.
     *
     * @return names of columns; empty if there are none
     */
    static Optional<List<String>> keys(Connection session, String table, List<String> leaving) throws SQLException {
        return Query.first(session, KEYS, row -> Query.texts(row, "keys"), table, leaving);
    }

    /** The names of all columns that hold a value of their own. */
    static List<String> columns(Connection session, String table) throws SQLException {
        return all(session, table).stream().map(Column::name).toList();
    }

    /**
     * The table as the catalog has it now.
     *
     * @param keys empty if only its place tells a row from another
     * @param columns beside the keys; a name that the table does not have is left out
     */
    static Source read(Connection session, String table, boolean whole, List<String> keys, List<String> columns)
            throws SQLException {
        List<Column> all = all(session, table);
        List<Column> key = keys.isEmpty() ? List.of(Column.PLACE) : named(all, keys);
        return new Source(table, whole, key, named(all, columns));
    }

    boolean isKeyed() {
        return !keys.get(0).isPlace();
    }

    /** Keys and columns. */
    List<Column> all() {
        return Stream.concat(keys.stream(), columns.stream()).toList();
    }

    /** Columns of a row of the table. */
    List<Column> ofTable() {
        return isKeyed() ? all() : columns;
    }

    /** A row of the table and one of the archive that are about the same; the archive is searched by its key. */
    String archived(String row, String kept) {
        return each(keys, key -> key.keptIn(kept) + " = " + key.toKept(row), " AND ");
    }

    /** The same; the table is searched by its key. */
    String present(String row, String kept) {
        return each(keys, key -> key.in(row) + " = " + key.fromKept(kept), " AND ");
    }

    /** What a row of the table says, in the words of the archive. */
    String words(String row) {
        return "ROW(" + each(all(), column -> column.toKept(row), ", ") + ")::text";
    }

    /** What a row of the archive says. */
    String keptWords(String kept) {
        return "ROW(" + each(all(), column -> column.keptIn(kept), ", ") + ")::text";
    }

    static String each(List<Column> columns, Function<Column, String> text, String between) {
        return columns.stream().map(text).collect(joining(between));
    }

    private static List<Column> named(List<Column> all, List<String> names) {
        List<Column> named = new ArrayList<>();
        for (String name : names) {
            all.stream().filter(column -> column.name().equals(name)).forEach(named::add);
        }
        return named;
    }

    private static List<Column> all(Connection session, String table) throws SQLException {
        return Query.list(
                session,
                COLUMNS,
                row -> new Column(
                        row.getString("name"),
                        row.getString("type"),
                        row.getString("kept"),
                        row.getString("collated"),
                        row.getBoolean("textual")),
                table,
                table);
    }
}
