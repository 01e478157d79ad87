package io.pitstop.archive;

import static java.util.stream.Collectors.joining;

import io.pitstop.archive.Unit.State;
import io.pitstop.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives rows their archived values again, or makes them again, in batches.
 *
 * <p>A row whose columns hold something again was written since they came back, so it is left alone.
 */
final class Refill {
    private final Work work;
    private final Unit unit;
    private final Source source;
    private final Place place;

    Refill(Work work, Unit unit) throws SQLException {
        this.work = work;
        this.unit = unit;
        this.source = Archive.source(work.side(), unit);
        this.place = new Place(unit.id(), source);
    }

    void run() throws SQLException {
        String missing = missing();
        if (missing.isEmpty()) {
            try {
                fill();
            } catch (SQLException e) {
                if (Database.isOutside(e)) {
                    throw e;
                }
                missing = Database.message(e) + "; they are in " + place.rows();
            }
        }
        Units.noteProblem(work.side(), unit, missing);
    }

    private String missing() throws SQLException {
        if (Query.text(work.side(), "SELECT to_regclass(?)", unit.table()).equals("null")) {
            return "there is no table for them; they are in " + place.rows();
        }
        if (!unit.keys().isEmpty() && source.keys().size() < unit.keys().size()) {
            return "the table has lost its key, so that nobody knows whose they are; they are in " + place.rows();
        }
        return source.columns().size() < unit.columns().size()
                ? "not all of their columns are back; they are in " + place.rows()
                : "";
    }

    private void fill() throws SQLException {
        String what = "restore: " + unit.name();
        if (unit.whole()) {
            Walk.ofArchive(work, what, place).from(unit.lastKey(), this::insert);
            Query.run(work.side(), "ANALYZE " + source.table());
        } else {
            Walk.ofTable(work, what, source).from(unit.lastKey(), this::update);
        }
        work.write(transaction -> Units.enter(transaction, unit, State.RESTORED));
    }

    /** A column that went before its table is left empty, whatever its default: its own archive fills it. */
    private long insert(Connection transaction, Range range) throws SQLException {
        List<String> names =
                new ArrayList<>(source.ofTable().stream().map(Column::name).toList());
        List<String> values = new ArrayList<>(
                source.ofTable().stream().map(column -> column.fromKept("a")).toList());
        for (String column : Source.columns(transaction, source.table())) {
            if (!names.contains(column)) {
                names.add(column);
                values.add("NULL");
            }
        }
        String sql = "INSERT INTO " + source.table() + " ("
                + names.stream().map(Query::quoted).collect(joining(", ")) + ") OVERRIDING SYSTEM VALUE SELECT "
                + String.join(", ", values) + " FROM " + place.rows() + " AS a WHERE " + range.condition()
                + " ON CONFLICT DO NOTHING";
        long rows = Query.run(transaction, sql, range.values(1));
        Units.noteRefilled(transaction, unit, range.to(), new Unit.Figures(rows, 0, 0));
        return rows;
    }

    /** The figures come first: afterwards the rows are written by us. */
    private long update(Connection transaction, Range range) throws SQLException {
        String empty = Source.each(source.columns(), column -> column.in("t") + " IS NULL", " AND ");
        String key = source.keys().get(0).keptIn("a");
        String figures = "SELECT count(*) FILTER (WHERE " + key + " IS NOT NULL AND age(t.xmin) < age(?::xid8::xid)),"
                + " count(*) FILTER (WHERE " + key + " IS NULL), count(*) FROM " + source.table() + " AS t LEFT JOIN "
                + place.rows() + " AS a ON " + source.archived("t", "a") + " WHERE " + empty + " AND "
                + range.condition();
        Object[] values = range.values(1);
        Object[] withDrop = new Object[values.length + 1];
        withDrop[0] = unit.droppedBy();
        System.arraycopy(values, 0, withDrop, 1, values.length);
        long[] counts = Query.list(
                        transaction,
                        figures,
                        row -> new long[] {row.getLong(1), row.getLong(2), row.getLong(3)},
                        withDrop)
                .get(0);
        String set = Source.each(
                source.columns(), column -> Query.quoted(column.name()) + " = " + column.fromKept("a"), ", ");
        String known = Source.each(source.columns(), column -> column.keptIn("a") + " IS NOT NULL", " OR ");
        long rows = Query.run(
                transaction,
                "UPDATE " + source.table() + " AS t SET " + set + " FROM " + place.rows() + " AS a WHERE "
                        + source.archived("t", "a") + " AND " + empty + " AND (" + known + ") AND " + range.condition(),
                values);
        Units.noteRefilled(transaction, unit, range.to(), new Unit.Figures(rows, counts[0], counts[1]));
        return counts[2];
    }
}
