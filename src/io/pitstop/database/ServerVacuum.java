package io.pitstop.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes a vacuum of the server's own give way.
 *
 * <p>The server cancels its vacuum for who has waited for {@code deadlock_timeout}, one second, at one go. Tries of 2 ms
 * never do, nor do those of a {@code lockTimeout} below it: measured, a slow vacuum kept them off for as long as it took.
 * So a session beside them waits that long, for a lock in the one mode that conflicts with a vacuum and not with readers
 * and writers, who pass it in the queue. A vacuum against wraparound yields to nobody.
 */
final class ServerVacuum {
    private static final Set<String> REFUSED = Set.of("55P03", "40P01", "42501", "42P01");
    private static final String TABLES = "SELECT l.relation::regclass::text FROM pg_locks l"
            + " JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()"
            + " JOIN pg_class c ON c.oid = l.relation AND c.relkind = 'r'"
            + " WHERE l.pid = ANY (?) AND l.granted AND l.locktype = 'relation' AND l.mode = 'ShareUpdateExclusiveLock'";
    /** Half a second more, for a server with a lot to do. */
    private static final String LONG_ENOUGH = "SELECT set_config('lock_timeout', setting::int + 500 || 'ms', true)"
            + " FROM pg_settings WHERE name = 'deadlock_timeout'";

    private final Connection side;

    /** @param side a session with autocommit that nobody else uses meanwhile */
    ServerVacuum(Connection side) {
        this.side = side;
    }

    /**
     * Waits until the tables are free of what {@code blockers} do to them, if it is a vacuum or locks as one does, for
     * deadlock_timeout and half a second at most for each. Does nothing if it is something else.
     */
    void sendAway(List<Blocker> blockers) throws SQLException {
        for (String table : tables(blockers)) {
            side.setAutoCommit(false);
            try (Statement statement = side.createStatement()) {
                statement.executeQuery(LONG_ENOUGH).close();
                statement.execute("LOCK TABLE ONLY " + table + " IN SHARE UPDATE EXCLUSIVE MODE");
            } catch (SQLException e) {
                if (!REFUSED.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
            } finally {
                side.rollback();
                side.setAutoCommit(true);
            }
        }
    }

    /** Whoever it is that locks them so: who is not a superuser cannot see that it is a vacuum. */
    private List<String> tables(List<Blocker> blockers) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement query = side.prepareStatement(TABLES)) {
            query.setArray(
                    1,
                    side.createArrayOf(
                            "int4", blockers.stream().map(Blocker::pid).toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
        }
        return tables;
    }
}
