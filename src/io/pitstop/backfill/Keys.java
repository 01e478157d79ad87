package io.pitstop.backfill;

import io.pitstop.error.InvalidConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The keys of one table, walked upwards along their index. */
final class Keys {
    private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

    private final String table;
    private final String key;

    private Keys(String table, String key) {
        this.table = table;
        this.key = key;
    }

    /**
     * A range of keys, both ends included.
     *
     * @param rows how many rows had a key in it when it was looked up
     */
    record Range(long from, long to, long rows) {
        @Override
        public String toString() {
            return from == to ? "key " + from : "keys " + from + " to " + to;
        }
    }

    /**
     * The first and the last key of now, and about how many rows there are.
     *
     * @param rows the planner's estimate; negative if it has none
     */
    record Extent(long first, long last, long rows) {}

    /** @throws InvalidConfig if table or column do not exist, or if the column cannot be walked */
    static Keys of(BackfillFile file, Connection connection) throws SQLException {
        String sql = "SELECT c.oid::regclass::text, a.attnum, format_type(a.atttypid, NULL), quote_ident(a.attname),"
                + " EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL"
                + " AND i.indkey[0] = a.attnum)"
                + " FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                + " AND NOT a.attisdropped AND a.attname IN (?, lower(?)) WHERE c.oid = to_regclass(?)";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, file.key());
            query.setString(2, file.key());
            query.setString(3, file.table());
            try (ResultSet row = query.executeQuery()) {
                require(row.next(), file, "There is no table " + file.table() + ".", "Name the table to walk.");
                require(row.getInt(2) != 0, file, file.table() + " has no column " + file.key() + ".", "Name its key.");
                require(
                        INTEGERS.contains(row.getString(3)),
                        file,
                        file.table() + "." + file.key() + " is of type " + row.getString(3) + ".",
                        "Walk a column of type smallint, integer or bigint.");
                require(
                        row.getBoolean(5),
                        file,
                        file.table() + "." + file.key() + " has no index, so each batch would read the whole table.",
                        "Walk the primary key, or index this column first.");
                return new Keys(row.getString(1), row.getString(4));
            }
        }
    }

    /** Empty if the table is. */
    Optional<Extent> extent(Connection connection) throws SQLException {
        String sql = "SELECT min(" + key + "), max(" + key + "), (SELECT reltuples::bigint FROM pg_class"
                + " WHERE oid = '" + table.replace("'", "''") + "'::regclass) FROM " + table;
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            row.next();
            long first = row.getLong(1);
            return row.wasNull() ? Optional.empty() : Optional.of(new Extent(first, row.getLong(2), row.getLong(3)));
        }
    }

    /**
     * The next rows after {@code last}, in the order of their keys.
     *
     * @param last empty to begin at the first key
     * @param end the highest key of interest; who writes above it after this was asked needs no backfill
     * @return empty if there are none; begins right after {@code last}, as a key may yet appear in between
     */
    Optional<Range> next(Connection connection, OptionalLong last, long end, long rows) throws SQLException {
        if (last.isPresent() && last.getAsLong() >= end) {
            return Optional.empty();
        }
        String after = last.isPresent() ? key + " > ? AND " : "";
        String sql = "SELECT min(k), max(k), count(*) FROM (SELECT " + key + " AS k FROM " + table + " WHERE " + after
                + key + " <= ? ORDER BY " + key + " LIMIT ?) AS batch";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            int column = 1;
            if (last.isPresent()) {
                query.setLong(column++, last.getAsLong());
            }
            query.setLong(column++, end);
            query.setLong(column, rows);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                long from = last.isPresent() ? last.getAsLong() + 1 : row.getLong(1);
                long count = row.getLong(3);
                return count == 0 ? Optional.empty() : Optional.of(new Range(from, row.getLong(2), count));
            }
        }
    }

    private static void require(boolean holds, BackfillFile file, String what, String hint) {
        if (!holds) {
            throw new InvalidConfig(file.path() + ": " + what, hint);
        }
    }
}
