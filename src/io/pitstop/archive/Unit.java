package io.pitstop.archive;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * One table's share of what a script drops, as the register has it.
 *
 * @param whole true if the table itself goes
 * @param keys columns that tell one row from another; empty if only its place does
 * @param columns what is kept beside the keys
 * @param shape of the table when its archive was begun; another one means that rows may have changed unseen
 * @param lastKey how far the walk is that the state asks for; empty at its beginning
 * @param rows kept when the archive was last compared with the table
 * @param droppedBy number of the transaction that dropped it; empty before
 * @param problem why its rows are not back; empty if they are, or nobody asked for them
 */
record Unit(
        long id,
        String release,
        String script,
        String table,
        boolean whole,
        List<String> keys,
        List<String> columns,
        String shape,
        State state,
        List<String> lastKey,
        long rows,
        String droppedBy,
        Figures figures,
        String problem) {
    /** In the order of its life. */
    enum State {
        COPYING,
        CHECKING,
        VERIFIED,
        DROPPED,
        RESTORED,
        PURGED;

        /** As the register has it. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was done to bring rows back.
     *
     * @param restored rows that have what they had
     * @param changed of these, rows that were written since the drop
     * @param unknown rows that were inserted since the drop
     */
    record Figures(long restored, long changed, long unknown) {}

    static Unit from(ResultSet row) throws SQLException {
        return new Unit(
                row.getLong("id"),
                row.getString("release"),
                row.getString("script"),
                row.getString("source"),
                row.getBoolean("whole"),
                Query.texts(row, "keys"),
                Query.texts(row, "columns"),
                row.getString("shape"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Query.texts(row, "last_key"),
                row.getLong("rows"),
                text(row, "dropped_by"),
                new Figures(row.getLong("restored_rows"), row.getLong("changed_rows"), row.getLong("unknown_rows")),
                text(row, "problem"));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    /** True as long as its rows are still in the table. */
    boolean isOpen() {
        return state.compareTo(State.DROPPED) < 0;
    }

    boolean is(State wanted) {
        return state == wanted;
    }

    /** What it is about, for people. */
    String name() {
        return whole ? table : table + " (" + String.join(", ", columns) + ")";
    }
}
