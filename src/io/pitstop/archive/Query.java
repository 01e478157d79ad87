package io.pitstop.archive;

import io.pitstop.database.Mark;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements with bound values, in one line each. */
final class Query {
    private Query() {}

    /** Reads one row. */
    interface Row<T> {
        T from(ResultSet row) throws SQLException;
    }

    static <T> List<T> list(Connection session, String sql, Row<T> read, Object... values) throws SQLException {
        try (PreparedStatement query = session.prepareStatement(Mark.on(sql))) {
            bind(session, query, values);
            List<T> list = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    list.add(read.from(rows));
                }
            }
            return list;
        }
    }

    static <T> Optional<T> first(Connection session, String sql, Row<T> read, Object... values) throws SQLException {
        return list(session, sql, read, values).stream().findFirst();
    }

    /** The first column of the only row. */
    static String text(Connection session, String sql, Object... values) throws SQLException {
        List<String> found = list(session, sql, row -> String.valueOf(row.getString(1)), values);
        return found.get(0);
    }

    static long number(Connection session, String sql, Object... values) throws SQLException {
        return list(session, sql, row -> row.getLong(1), values).get(0);
    }

    /** Executes a statement that gives no rows, or whose rows are of no interest; returns the rows that it changed. */
    static long run(Connection session, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(Mark.on(sql))) {
            bind(session, statement, values);
            statement.execute();
            return Math.max(0, statement.getUpdateCount());
        }
    }

    /** An array of texts. */
    static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    /** A name or a literal as SQL has it. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        String doubled = text.replace("'", "''");
        return text.contains("\\") ? " E'" + doubled.replace("\\", "\\\\") + "'" : "'" + doubled + "'";
    }

    /** A list becomes an array of texts. */
    private static void bind(Connection session, PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof List<?> list) {
                statement.setArray(i + 1, session.createArrayOf("text", list.toArray()));
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
    }
}
