package io.pitstop.backfill.walk;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Visits rows along the index of a key of any type, of one column or several.
 *
 * <p>A batch is so many rows of the index, not so many numbers: neither gaps nor skew change its size.
 */
final class KeyWalk implements Walk {
    private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");
    private static final long ROWS_PER_STRETCH = 200_000;
    private static final int MOST_STRETCHES = 512;

    /** Pages looked at for each part into which the table is cut: the keys of a page are often neighbours. */
    private static final int SAMPLE = 10;

    private static final int ROWS_A_PAGE = 50;

    private final String table;
    private final List<Column> columns;
    private final String key;
    private final String values;
    private final String text;

    KeyWalk(String table, List<Column> columns) {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.key = columns.stream().map(Column::name).collect(joining(", "));
        this.values = columns.stream().map(column -> "?::" + column.type()).collect(joining(", ", "(", ")"));
        // Without a name of their own, ORDER BY would take these for what it orders by.
        this.text = columns.stream()
                .map(column -> column.name() + "::text AS pitstop_" + column.number())
                .collect(joining(", "));
    }

    @Override
    public List<String> columns() {
        return columns.stream().map(Column::name).toList();
    }

    @Override
    public String words() {
        return "along " + table + "." + key;
    }

    @Override
    public String table() {
        return table;
    }

    @Override
    public List<Stretch> plan(Connection session, Optional<Position> after) throws SQLException {
        List<Position> end =
                positions(session, "SELECT " + text + " FROM " + table + isKnown() + order(" DESC") + " LIMIT 1");
        if (end.isEmpty()) {
            return List.of();
        }
        Position last = end.get(0);
        long rows = estimate(session);
        long count = Math.max(1, Math.min(MOST_STRETCHES, rows / ROWS_PER_STRETCH));
        List<Stretch> stretches = new ArrayList<>();
        Optional<Position> before = after;
        for (Position cut : count == 1 ? List.<Position>of() : cuts(session, after, count, rows)) {
            stretches.add(new Stretch(before, cut, rows / count));
            before = Optional.of(cut);
        }
        stretches.add(new Stretch(before, last, Math.max(0, rows - (rows / count) * stretches.size())));
        return stretches;
    }

    @Override
    public Optional<Span> next(Connection session, Optional<Position> after, Position last, long rows)
            throws SQLException {
        String among = " FROM " + table + " WHERE " + (after.isPresent() ? "(" + key + ") > " + values + " AND " : "")
                + "(" + key + ") <= " + values;
        String sql = "(SELECT " + text + ", 1" + among + order("") + " LIMIT 1) UNION ALL (SELECT " + text + ", 2"
                + among + order("") + " OFFSET ? LIMIT 1) ORDER BY " + (columns.size() + 1);
        try (PreparedStatement query = session.prepareStatement(sql)) {
            int next = bindEnds(query, bindEnds(query, 1, after, last), after, last);
            query.setLong(next, rows - 1);
            List<Position> ends = positions(query);
            if (ends.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    ends.size() == 2
                            ? new Span(ends.get(0), ends.get(1), rows, "key")
                            : rest(session, ends.get(0), after, last, among));
        }
    }

    @Override
    public void bind(PreparedStatement statement, int parameter, Position position, int column) throws SQLException {
        String value = position.values().get(column);
        if (INTEGERS.contains(columns.get(column).type())) {
            statement.setLong(parameter, Long.parseLong(value));
        } else {
            statement.setObject(parameter, value, Types.OTHER);
        }
    }

    /** Fewer are left than a batch may have. */
    private Span rest(Connection session, Position first, Optional<Position> after, Position last, String among)
            throws SQLException {
        String sql = "SELECT count(*)" + among;
        try (PreparedStatement query = session.prepareStatement(sql)) {
            bindEnds(query, 1, after, last);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                long rows = Math.max(1, row.getLong(1));
                return new Span(first, rows == 1 ? first : last, rows, "key");
            }
        }
    }

    /** Keys that leave about as many rows between each other, by a look at a few pages of the table. */
    private List<Position> cuts(Connection session, Optional<Position> after, long count, long rows)
            throws SQLException {
        double percent = Math.min(100, 100.0 * SAMPLE * count / (1 + rows / ROWS_A_PAGE));
        String known = after.isPresent() ? " WHERE (" + key + ") > " + values : isKnown();
        String sql = "SELECT " + text + " FROM (SELECT " + key + ", row_number() OVER (" + order("") + ") AS pitstop_n,"
                + " count(*) OVER () AS pitstop_c FROM " + table + " TABLESAMPLE SYSTEM (" + percent + ")" + known
                + ") AS sample WHERE pitstop_n * " + count + " / pitstop_c > (pitstop_n - 1) * " + count
                + " / pitstop_c AND pitstop_n < pitstop_c" + order("");
        try (PreparedStatement query = session.prepareStatement(sql)) {
            if (after.isPresent()) {
                bindAll(query, 1, after.get());
            }
            return positions(query).stream().distinct().toList();
        }
    }

    private long estimate(Connection session) throws SQLException {
        String sql =
                "SELECT greatest(0, coalesce(sum(c.reltuples) FILTER (WHERE c.relkind = 'r'), 0))::bigint FROM pg_class c"
                        + " WHERE c.oid = ?::regclass OR c.oid IN (SELECT relid FROM pg_partition_tree(?::regclass))";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, table);
            query.setString(2, table);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private String isKnown() {
        return columns.stream().map(column -> column.name() + " IS NOT NULL").collect(joining(" AND ", " WHERE ", ""));
    }

    private String order(String direction) {
        return columns.stream().map(column -> column.name() + direction).collect(joining(", ", " ORDER BY ", ""));
    }

    private int bindEnds(PreparedStatement query, int first, Optional<Position> after, Position last)
            throws SQLException {
        int next = after.isPresent() ? bindAll(query, first, after.get()) : first;
        return bindAll(query, next, last);
    }

    private static int bindAll(PreparedStatement query, int first, Position position) throws SQLException {
        int next = first;
        for (String value : position.values()) {
            query.setObject(next++, value, Types.OTHER);
        }
        return next;
    }

    private List<Position> positions(Connection session, String sql) throws SQLException {
        try (PreparedStatement query = session.prepareStatement(sql)) {
            return positions(query);
        }
    }

    private List<Position> positions(PreparedStatement query) throws SQLException {
        List<Position> found = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                List<String> at = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    at.add(row.getString(i));
                }
                found.add(new Position(at));
            }
        }
        return found;
    }
}
