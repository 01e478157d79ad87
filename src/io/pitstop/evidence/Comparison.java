package io.pitstop.evidence;

import io.pitstop.database.Mark;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.evidence.ComparisonTable.Place;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares old and new values of all rows of one table, range by range along its key; goes on where it was cut short.
 *
 * <p>Along the key and not along the heap: a row whose other columns are written keeps its key, but not its place.
 */
final class Comparison {
    static final int MOST_EXAMPLES = 10;

    private static final long FIRST_ROWS = 20_000;
    private static final long MOST_ROWS = 500_000;
    /** For how long one range should hold a snapshot. */
    private static final double SECONDS = 0.5;

    /**
     * How long one range may take at most; compiling a plan would take longer than it saves; and rows that a policy hides from us
     * are an error, or they would count as compared. By what a disk that turns would cost, the default, the server would rather
     * read the whole table for each range than go along the key.
     */
    private static final String SETTINGS =
            "SELECT set_config('statement_timeout', '1h', false), set_config('jit', 'off', false),"
                    + " set_config('row_security', 'off', false), set_config('random_page_cost',"
                    + " least(current_setting('random_page_cost')::float8, 1.1)::text, false)";

    private final SameFile file;
    private final Connection session;
    private final ComparisonTable table;
    private final Key key;

    /** @param session for the reading, which the application's writes do not wait for */
    Comparison(SameFile file, Connection session, ComparisonTable table) throws SQLException {
        this.file = file;
        this.session = session;
        this.table = table;
        this.key = Key.of(file, session);
    }

    /**
     * Rows that follow one another along the key, both ends included.
     *
     * @param rows how many there are at this moment
     */
    private record Range(List<String> from, List<String> to, long rows) {}

    /** What was found in one range. */
    record Counts(long rows, long differing, List<String> examples) {}

    Compared run() throws SQLException {
        Optional<Compared> fresh = table.fresh();
        if (fresh.isPresent()) {
            return fresh.get();
        }
        Optional<Place> cut = table.place();
        Place place = cut.isPresent() ? cut.get() : begin();
        try (Statement settings = session.createStatement()) {
            settings.execute(SETTINGS);
        }
        // A range and its rows are of one moment; and a slip in the file must not be able to change anything.
        session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        session.setReadOnly(true);
        session.setAutoCommit(false);
        long rows = FIRST_ROWS;
        long start = System.nanoTime();
        Optional<Range> range = next(place.last(), place.end(), rows);
        while (range.isPresent()) {
            if (Thread.interrupted()) {
                throw Interrupted.whileDoing("comparing " + file.table() + " by " + file.name());
            }
            Counts counts = compare(range.get());
            session.commit();
            double took = (System.nanoTime() - start) / 1e9;
            List<String> last = range.get().to();
            table.advance(last, counts, took);
            rows = Math.max(1, Math.min(MOST_ROWS, (long) (rows * Math.min(2, SECONDS / took))));
            start = System.nanoTime();
            range = next(Optional.of(last), place.end(), rows);
        }
        session.commit();
        table.finish();
        return table.result();
    }

    /** Who writes behind the last key of now writes both sides. */
    private Place begin() throws SQLException {
        Place place = new Place(Optional.empty(), first("", key.descending()));
        table.begin(place);
        return place;
    }

    /** Empty if there is no row left. */
    private Optional<Range> next(Optional<List<String>> last, Optional<List<String>> end, long rows)
            throws SQLException {
        if (end.isEmpty()) {
            return Optional.empty();
        }
        String upTo = key.row() + " <= " + key.literal(end.get());
        String left = last.map(done -> key.row() + " > " + key.literal(done) + " AND ")
                        .orElse("")
                + upTo;
        Optional<List<String>> from = first(" WHERE " + left, key.list());
        if (from.isEmpty()) {
            return Optional.empty();
        }
        Optional<List<String>> to = first(" WHERE " + left, key.list() + " OFFSET " + (rows - 1));
        return Optional.of(
                to.isPresent() && key.unique()
                        ? new Range(from.get(), to.get(), rows)
                        : counted(from.get(), to.orElse(end.get())));
    }

    private Range counted(List<String> from, List<String> to) throws SQLException {
        String sql = "SELECT count(*) FROM " + file.table() + " WHERE " + key.row() + " BETWEEN " + key.literal(from)
                + " AND " + key.literal(to);
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(Mark.on(sql))) {
            row.next();
            return new Range(from, to, row.getLong(1));
        }
    }

    /** The key of the first row in some order; empty if there is none. */
    private Optional<List<String>> first(String where, String order) throws SQLException {
        // Inside, or it would make a text of each row that it skips; and sort by the texts.
        String sql = "SELECT " + key.texts() + " FROM (SELECT " + key.list() + " FROM " + file.table() + where
                + " ORDER BY " + order + " LIMIT 1) AS found";
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(Mark.on(sql))) {
            if (!row.next()) {
                return Optional.empty();
            }
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= key.columns().size(); i++) {
                values.add(row.getString(i));
            }
            return Optional.of(values);
        } catch (SQLException e) {
            throw file.wrong(e);
        }
    }

    private Counts compare(Range range) throws SQLException {
        String compared = " FROM (" + file.sql(key, range.from(), range.to()) + ") AS compared (key, same)";
        String sql = "SELECT count(*), count(*) FILTER (WHERE same IS NOT TRUE)" + compared;
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(Mark.on(sql))) {
            row.next();
            long rows = row.getLong(1);
            long differing = row.getLong(2);
            if (rows != range.rows()) {
                throw new InvalidConfig(
                        file.path() + ": the query of \"same\" gives " + rows + " rows for the " + range.rows()
                                + " rows of " + file.table() + " with " + key.row() + " from " + shown(range.from())
                                + " to " + shown(range.to()) + ".",
                        "Let it give one row for each row of the table, by LEFT JOIN for instance.");
            }
            return new Counts(rows, differing, differing == 0 ? List.of() : examples(compared));
        } catch (SQLException e) {
            throw file.wrong(e);
        }
    }

    /** Keys of rows that differ. Asked for by themselves, as to gather none costs half as much again as to count. */
    private List<String> examples(String compared) throws SQLException {
        String sql =
                "SELECT key::text" + compared + " WHERE same IS NOT TRUE ORDER BY compared.key LIMIT " + MOST_EXAMPLES;
        List<String> keys = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(Mark.on(sql))) {
            while (row.next()) {
                keys.add(row.getString(1));
            }
        }
        return keys;
    }

    private static String shown(List<String> values) {
        return values.size() == 1 ? values.get(0) : "(" + String.join(",", values) + ")";
    }
}
