package io.pitstop.backfill.brake;

import io.pitstop.database.Database;
import io.pitstop.release.Lease;
import io.pitstop.release.LeaseHolder;
import io.pitstop.release.Release;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Optional;

/** The row by which an operator reaches a backfill, wherever it runs. It is read every second. */
public final class Orders {
    /** How much slower or faster one order makes it. */
    private static final double NOTCH = 0.5;

    private static final double LEAST = 0.01;

    private static final String PUT = "INSERT INTO pitstop.backfill_orders AS o (release, person, paused_until,"
            + " rows_per_second, share) VALUES (?, ?, %s, %s, %s) ON CONFLICT (release) DO UPDATE SET"
            + " person = excluded.person, at = clock_timestamp(), ";

    private final Database database;

    public Orders(Database database) {
        this.database = database;
    }

    /** No batch begins before {@code duration} has passed, by the database's clock. */
    public Order pause(Lease lease, Duration duration, String person) {
        String until = "clock_timestamp() + interval '" + duration.toMillis() + " milliseconds'";
        return put(lease, person, PUT.formatted(until, "NULL", "1") + "paused_until = excluded.paused_until");
    }

    public Order resume(Lease lease, String person) {
        return put(lease, person, PUT.formatted("NULL", "NULL", "1") + "paused_until = NULL");
    }

    /** @param rowsPerSecond of all processes together, at least 1 */
    public Order limit(Lease lease, long rowsPerSecond, String person) {
        return put(
                lease,
                person,
                PUT.formatted("NULL", Long.toString(rowsPerSecond), "1")
                        + "rows_per_second = excluded.rows_per_second, share = 1");
    }

    public Order slower(Lease lease, String person) {
        return put(
                lease,
                person,
                PUT.formatted("NULL", "NULL", Double.toString(NOTCH)) + "share = greatest(" + LEAST + ", o.share * "
                        + NOTCH + ")");
    }

    /** Also lifts a limit, once that is all that is left of earlier orders. */
    public Order faster(Lease lease, String person) {
        return put(
                lease,
                person,
                PUT.formatted("NULL", "NULL", "1")
                        + "rows_per_second = CASE WHEN o.share < 1 THEN o.rows_per_second END,"
                        + " share = least(1, o.share / " + NOTCH + ")");
    }

    private Order put(Lease lease, String person, String sql) {
        try (Connection session = database.connect(lease.step())) {
            session.setAutoCommit(false);
            lease.ensureHeld(session);
            try (PreparedStatement insert = session.prepareStatement(sql)) {
                insert.setString(1, lease.release().id());
                insert.setString(2, person);
                insert.executeUpdate();
            }
            session.commit();
            return read(session, lease.release());
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    static Order read(Connection session, Release release) throws SQLException {
        String sql =
                "SELECT CASE WHEN paused_until > clock_timestamp() THEN paused_until END, rows_per_second, share, person"
                        + " FROM pitstop.backfill_orders WHERE release = ?";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, release.id());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Order.NONE;
                }
                long rows = row.getLong(2);
                double limit = row.wasNull() ? Double.POSITIVE_INFINITY : rows;
                Optional<Timestamp> until = Optional.ofNullable(row.getTimestamp(1));
                return new Order(until.map(Timestamp::toInstant), limit, row.getDouble(3), row.getString(4));
            }
        }
    }

    /** Processes that work for a release under leases named {@code step} or like it. */
    static int processes(Connection session, Lease lease) throws SQLException {
        String sql = "SELECT count(*) FROM pitstop.leases l WHERE l.release = ?"
                + " AND (l.step = ? OR l.step ~ (? || ' [0-9]+')) AND " + LeaseHolder.isAlive("l");
        try (PreparedStatement query = session.prepareStatement(sql)) {
            String step = lease.step().split(" ")[0];
            query.setString(1, lease.release().id());
            query.setString(2, step);
            query.setString(3, step);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return Math.max(1, row.getInt(1));
            }
        }
    }
}
