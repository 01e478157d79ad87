package io.pitstop.archive;

import io.pitstop.archive.Unit.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The rows of the register that tell of rows: one for each table and script. */
final class Units {
    private final String release;

    Units(String release) {
        this.release = release;
    }

    /** All that is left of them in the register, in the order in which they were begun. */
    List<Unit> all(Connection session) throws SQLException {
        return Query.list(session, "SELECT * FROM pitstop.archives WHERE release = ? ORDER BY id", Unit::from, release);
    }

    /** What {@code script} of this release is still to drop. */
    List<Unit> open(Connection session, String script) throws SQLException {
        return all(session).stream()
                .filter(unit -> unit.isOpen() && unit.script().equals(script))
                .toList();
    }

    Unit load(Connection session, long id) throws SQLException {
        return Query.first(session, "SELECT * FROM pitstop.archives WHERE id = ?", Unit::from, id)
                .orElseThrow();
    }

    /** Returns the id of a new row. */
    long add(Connection transaction, String script, Source source, String shape) throws SQLException {
        return Query.number(
                transaction,
                "INSERT INTO pitstop.archives (release, script, source, whole, keys, columns, shape)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                release,
                script,
                source.table(),
                source.whole(),
                source.isKeyed() ? source.keys().stream().map(Column::name).toList() : List.of(),
                source.columns().stream().map(Column::name).toList(),
                shape);
    }

    static void remove(Connection transaction, Unit unit) throws SQLException {
        Query.run(transaction, "DELETE FROM pitstop.archives WHERE id = ?", unit.id());
    }

    /** Begins the walk of another state. */
    static void enter(Connection transaction, Unit unit, State state) throws SQLException {
        String stamp =
                switch (state) {
                    case COPYING -> "begun_at = clock_timestamp()";
                    case CHECKING -> "rows = 0, checksum = 0";
                    case VERIFIED -> "verified_at = clock_timestamp()";
                    case DROPPED -> "dropped_at = clock_timestamp(), dropped_by = pg_current_xact_id()::text";
                    case RESTORED -> "restored_at = clock_timestamp()";
                    case PURGED -> "purged_at = clock_timestamp()";
                };
        Query.run(
                transaction,
                "UPDATE pitstop.archives SET state = ?, last_key = NULL, " + stamp + " WHERE id = ?",
                state.text(),
                unit.id());
    }

    /** The walk has come to {@code key}. */
    static void advance(Connection transaction, Unit unit, List<String> key) throws SQLException {
        Query.run(transaction, "UPDATE pitstop.archives SET last_key = ? WHERE id = ?", key, unit.id());
    }

    /** Adds what one batch of a check has counted. */
    static void count(Connection transaction, Unit unit, long rows, String checksum) throws SQLException {
        Query.run(
                transaction,
                "UPDATE pitstop.archives SET rows = rows + ?, checksum = checksum + ?::numeric WHERE id = ?",
                rows,
                checksum,
                unit.id());
    }

    /** One batch of rows is back, up to {@code key}. */
    static void noteRefilled(Connection transaction, Unit unit, List<String> key, Unit.Figures figures)
            throws SQLException {
        Query.run(
                transaction,
                "UPDATE pitstop.archives SET last_key = ?, restored_rows = restored_rows + ?,"
                        + " changed_rows = changed_rows + ?, unknown_rows = unknown_rows + ? WHERE id = ?",
                key,
                figures.restored(),
                figures.changed(),
                figures.unknown(),
                unit.id());
    }

    /** @param problem why its rows are not back; empty if they are */
    static void noteProblem(Connection transaction, Unit unit, String problem) throws SQLException {
        Query.run(transaction, "UPDATE pitstop.archives SET problem = nullif(?, '') WHERE id = ?", problem, unit.id());
    }
}
