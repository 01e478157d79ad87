package io.pitstop.backfill.walk;

import io.pitstop.backfill.file.BackfillFile;
import io.pitstop.backfill.file.Header.Order;
import io.pitstop.error.InvalidConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses how a table is walked: as its file says, else along the heap where the server can, else along its key. */
public final class Walks {
    private static final int TID_RANGE_SCAN = 140_000;

    private Walks() {}

    /** @throws InvalidConfig if there is no such table or column, or if it cannot be walked so */
    public static Walk of(BackfillFile file, Connection session) throws SQLException {
        Table table = table(file, session);
        if (order(file, table) == Order.HEAP) {
            require(
                    table.hasHeap(),
                    file,
                    file.table() + " has no heap of its own that this server can walk.",
                    "Walk its key, by key=<column>: the heap needs PostgreSQL 14 and a table that is not partitioned.");
            return new HeapWalk(table.name);
        }
        List<String> names = file.header().key().isEmpty()
                ? primaryKey(table, session)
                : file.header().key();
        require(
                !names.isEmpty(),
                file,
                file.table() + " has no primary key.",
                "Name the columns of a unique index, by key=<column>,<column>.");
        return along(file, table, names, session);
    }

    private static Order order(BackfillFile file, Table table) {
        Order byCatalog = file.header().key().isEmpty() && table.hasHeap() ? Order.HEAP : Order.KEY;
        return file.header().walk().orElse(byCatalog);
    }

    private static Table table(BackfillFile file, Connection session) throws SQLException {
        String sql = "SELECT c.oid, c.oid::regclass::text, c.relkind = 'r' AND a.amname = 'heap'"
                // Rows of its heirs are not in its own pages.
                + " AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid)"
                + " AND current_setting('server_version_num')::int >= ?"
                + " FROM pg_class c LEFT JOIN pg_am a ON a.oid = c.relam WHERE c.oid = to_regclass(?)";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setInt(1, TID_RANGE_SCAN);
            query.setString(2, file.table());
            try (ResultSet row = query.executeQuery()) {
                require(row.next(), file, "There is no table " + file.table() + ".", "Name the table to walk.");
                return new Table(row.getLong(1), row.getString(2), row.getBoolean(3));
            }
        }
    }

    private static List<String> primaryKey(Table table, Connection session) throws SQLException {
        String sql = "SELECT a.attname FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place),"
                + " pg_attribute a WHERE i.indrelid = ?::oid AND i.indisprimary AND a.attrelid = i.indrelid"
                + " AND a.attnum = k.number AND k.place <= i.indnkeyatts ORDER BY k.place";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setLong(1, table.oid);
            List<String> names = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        }
    }

    private static Walk along(BackfillFile file, Table table, List<String> names, Connection session)
            throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            Optional<Column> column = column(table, name, session);
            require(column.isPresent(), file, file.table() + " has no column " + name + ".", "Name its key.");
            columns.add(column.orElseThrow());
        }
        require(
                isIndexed(table, columns, session),
                file,
                file.table() + "." + String.join(",", names)
                        + " has no index, so each batch would read the whole table.",
                "Walk the primary key, or index this column first.");
        return new KeyWalk(table.name, columns);
    }

    private static Optional<Column> column(Table table, String name, Connection session) throws SQLException {
        String sql = "SELECT attnum, quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = ?::oid AND attnum > 0 AND NOT attisdropped AND attname IN (?, lower(?))"
                + " ORDER BY attname = ? DESC LIMIT 1";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setLong(1, table.oid);
            query.setString(2, name);
            query.setString(3, name);
            query.setString(4, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Column(row.getInt(1), row.getString(2), row.getString(3)))
                        : Optional.empty();
            }
        }
    }

    /** By a B-tree that begins with these columns and holds every row. */
    private static boolean isIndexed(Table table, List<Column> columns, Connection session) throws SQLException {
        String sql = "SELECT EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                + " JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = ?::oid AND i.indisvalid AND i.indpred IS NULL"
                + " AND a.amname = 'btree' AND array_to_string((i.indkey::int2[])[0:?], ',') = ?)";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setLong(1, table.oid);
            query.setInt(2, columns.size() - 1);
            query.setString(
                    3,
                    String.join(
                            ",",
                            columns.stream()
                                    .map(column -> Integer.toString(column.number()))
                                    .toList()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static void require(boolean holds, BackfillFile file, String what, String hint) {
        if (!holds) {
            throw new InvalidConfig(file.path() + ": " + what, hint);
        }
    }

    private record Table(long oid, String name, boolean hasHeap) {}
}
