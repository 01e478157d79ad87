package io.pitstop.backfill.walk;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Visits rows as they lie in the table's file: no index is read, whatever the key looks like, and each page is read
 * once.
 *
 * <p>A row that is updated meanwhile may move to a page that was passed already: dual-write triggers have filled it
 * then, and another pass finds it if not. Needs the TID range scan of PostgreSQL 14.
 */
final class HeapWalk implements Walk {
    /** Above every item of a page. */
    private static final int END_OF_PAGE = 65_535;

    private static final int PAGES_PER_STRETCH = 1_024;
    private static final int MOST_STRETCHES = 4_096;

    private final String table;
    private double density;

    HeapWalk(String table) {
        this.table = table;
    }

    @Override
    public List<String> columns() {
        return List.of("ctid");
    }

    @Override
    public String words() {
        return "along the heap of " + table;
    }

    @Override
    public String table() {
        return table;
    }

    @Override
    public List<Stretch> plan(Connection session, Optional<Position> after) throws SQLException {
        long first = after.map(Place::of).map(place -> place.page + 1).orElse(0L);
        long pages = pages(session);
        double rowsAPage = density(session);
        long count = Math.max(1, Math.min(MOST_STRETCHES, (pages - first) / PAGES_PER_STRETCH));
        List<Stretch> stretches = new ArrayList<>();
        for (long i = 0; i < count && first < pages; i++) {
            long from = first + (pages - first) * i / count;
            long to = first + (pages - first) * (i + 1) / count;
            Optional<Position> before = from == 0 ? Optional.empty() : Optional.of(endOf(from - 1));
            stretches.add(new Stretch(before, endOf(to - 1), Math.round((to - from) * rowsAPage)));
        }
        return stretches;
    }

    @Override
    public Optional<Span> next(Connection session, Optional<Position> after, Position last, long rows)
            throws SQLException {
        long end = Place.of(last).page;
        double rowsAPage = density(session);
        Place at = after.map(Place::of).orElse(new Place(-1, END_OF_PAGE));
        while (at.item < END_OF_PAGE || at.page < end) {
            boolean between = at.item >= END_OF_PAGE;
            long page = between ? at.page + 1 : at.page;
            if (rows > 1 && rows >= rowsAPage) {
                long pages = between ? Math.max(1, (long) (rows / rowsAPage)) : 1;
                long to = Math.min(end, page + pages - 1);
                long count = Math.max(2, Math.round((to - page + 1) * rowsAPage));
                Place from = new Place(page, between ? 0 : at.item + 1);
                return Optional.of(new Span(from.position(), endOf(to), count, "ctid"));
            }
            Optional<Span> part = insidePage(session, new Place(page, between ? 0 : at.item), rows);
            if (part.isPresent()) {
                return part;
            }
            at = new Place(page, END_OF_PAGE);
        }
        return Optional.empty();
    }

    @Override
    public void bind(PreparedStatement statement, int parameter, Position position, int column) throws SQLException {
        statement.setObject(parameter, position.values().get(column), Types.OTHER);
    }

    private Optional<Span> insidePage(Connection session, Place after, long rows) throws SQLException {
        String sql = "SELECT ctid FROM " + table + " WHERE ctid > ?::tid AND ctid <= ?::tid ORDER BY ctid LIMIT ?";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, after.position().toString());
            query.setString(2, endOf(after.page).toString());
            query.setLong(3, rows);
            List<String> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Position to = Position.of(found.get(found.size() - 1));
            return Optional.of(new Span(Position.of(found.get(0)), to, found.size(), "ctid"));
        }
    }

    private long pages(Connection session) throws SQLException {
        String sql = "SELECT pg_relation_size(?::regclass) / current_setting('block_size')::int";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Rows in a page, at least 1; by the planner's figures, or by a look at the first pages if it has none. */
    private double density(Connection session) throws SQLException {
        if (density > 0) {
            return density;
        }
        String sql =
                "SELECT CASE WHEN relpages > 0 AND reltuples > 0 THEN reltuples / relpages ELSE (SELECT count(*) / 4.0 FROM "
                        + table + " WHERE ctid < '(4,0)'::tid) END FROM pg_class WHERE oid = ?::regclass";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                density = Math.max(1, row.getDouble(1));
                return density;
            }
        }
    }

    private static Position endOf(long page) {
        return new Place(page, END_OF_PAGE).position();
    }

    /** A ctid in its parts. */
    private record Place(long page, int item) {
        static Place of(Position position) {
            String[] parts = position.values().get(0).replaceAll("[()]", "").split(",");
            return new Place(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        }

        Position position() {
            return Position.of("(" + page + "," + item + ")");
        }
    }
}
