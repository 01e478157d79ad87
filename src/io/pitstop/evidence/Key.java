package io.pitstop.evidence;

import io.pitstop.error.InvalidConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The columns along which the rows of a table are compared, of whatever types. Their values are kept as text.
 *
 * @param columns as SQL writes them
 * @param types of the columns
 * @param unique true if no two rows have the same values
 */
record Key(List<String> columns, List<String> types, boolean unique) {
    private static final String NAMED =
            """
            SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
             WHERE a.attrelid = ?::regclass AND a.attname = (parse_ident(?))[1] AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attnotnull -- a row without a key could not be found along it
            """;

    private static final String PRIMARY =
            """
            SELECT quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
              FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
             WHERE i.indrelid = ?::regclass AND i.indisprimary AND k.position <= i.indnkeyatts ORDER BY k.position
            """;

    private static final String UNIQUE =
            """
            SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = ?::regclass AND i.indisunique AND i.indisvalid
               AND i.indpred IS NULL AND i.indexprs IS NULL
               AND NOT EXISTS (SELECT FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)
                     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                    WHERE k.position <= i.indnkeyatts AND quote_ident(a.attname) <> ALL (?)))
            """;

    Key {
        columns = List.copyOf(columns);
        types = List.copyOf(types);
    }

    /** @throws InvalidConfig if the file names none and the table has no primary key, or if there is no such column */
    static Key of(SameFile file, Connection session) throws SQLException {
        try {
            Key key = file.key().isEmpty() ? primary(file, session) : named(file, session);
            if (key.columns.isEmpty() || key.types.size() < key.columns.size()) {
                throw new InvalidConfig(
                        file.path() + ": " + file.table() + " has no "
                                + (file.key().isEmpty()
                                        ? "primary key"
                                        : "columns " + String.join(", ", file.key()) + ", NOT NULL,")
                                + " along which rows could be compared.",
                        "Name columns with an index, which are NOT NULL, by \"-- backfill: table=" + file.table()
                                + " key=<column>\".");
            }
            return key;
        } catch (SQLException e) {
            throw file.wrong(e);
        }
    }

    /** The columns as one value. */
    String row() {
        return row(columns);
    }

    /** The same, of a table that goes by another name in the query. */
    String row(String alias) {
        return row(columns.stream().map(column -> alias + "." + column).toList());
    }

    /** Some values as one value. */
    String literal(List<String> values) {
        return row(IntStream.range(0, values.size())
                .mapToObj(i -> "'" + values.get(i).replace("'", "''") + "'::" + types.get(i))
                .toList());
    }

    String list() {
        return String.join(", ", columns);
    }

    /** To select each as text. */
    String texts() {
        return columns.stream().map(column -> column + "::text").collect(Collectors.joining(", "));
    }

    String descending() {
        return columns.stream().map(column -> column + " DESC").collect(Collectors.joining(", "));
    }

    private static Key named(SameFile file, Connection session) throws SQLException {
        List<String> types = new ArrayList<>();
        try (PreparedStatement query = session.prepareStatement(NAMED)) {
            for (String column : file.key()) {
                query.setString(1, file.table());
                query.setString(2, column);
                try (ResultSet row = query.executeQuery()) {
                    if (row.next()) {
                        types.add(row.getString(1));
                    }
                }
            }
        }
        return new Key(file.key(), types, isUnique(file, session));
    }

    private static boolean isUnique(SameFile file, Connection session) throws SQLException {
        try (PreparedStatement query = session.prepareStatement(UNIQUE)) {
            query.setString(1, file.table());
            query.setArray(2, session.createArrayOf("text", file.key().toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static Key primary(SameFile file, Connection session) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> types = new ArrayList<>();
        try (PreparedStatement query = session.prepareStatement(PRIMARY)) {
            query.setString(1, file.table());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                    types.add(rows.getString(2));
                }
            }
        }
        return new Key(columns, types, true);
    }

    private static String row(List<String> values) {
        return values.size() == 1 ? values.get(0) : values.stream().collect(Collectors.joining(", ", "(", ")"));
    }
}
