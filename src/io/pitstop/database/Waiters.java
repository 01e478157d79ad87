package io.pitstop.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds out whom of the application a session of ours keeps waiting, from a session beside it.
 *
 * <p>Counted is who waits for a lock that statements of applications take: one on a row, an advisory one, or one of the
 * three weak ones on a relation. Who waits behind the DDL of a third party that waits for us waits for us as well.
 */
public final class Waiters implements AutoCloseable {
    private static final int SINCE_WAITSTART = 14;
    private static final int ENOUGH = 100;
    private static final String WEAK = "('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')";

    private final int pid;
    private final Optional<SeenWaiting> seen;
    private final PreparedStatement query;

    /**
     * @param side a session with autocommit that nobody else uses meanwhile
     * @param pid our session of which it is asked who waits for it
     */
    public Waiters(Connection side, int pid) throws SQLException {
        this.pid = pid;
        boolean saysSinceWhen = side.getMetaData().getDatabaseMajorVersion() >= SINCE_WAITSTART;
        this.seen = saysSinceWhen ? Optional.empty() : Optional.of(new SeenWaiting(side));
        this.query = side.prepareStatement(sql(saysSinceWhen));
    }

    /** Who has waited the longest so far; empty if nobody waits. */
    public Optional<Waiter> longest() throws SQLException {
        int place = 1;
        if (seen.isPresent()) {
            SeenWaiting.Times times = seen.get().look();
            query.setObject(place++, times.pids());
            query.setObject(place++, times.millis());
        }
        query.setInt(place++, pid);
        query.setInt(place++, pid);
        query.setInt(place, pid);
        try (ResultSet row = query.executeQuery()) {
            return row.next() ? Optional.of(waiter(row)) : Optional.empty();
        }
    }

    @Override
    public void close() throws SQLException {
        query.close();
        if (seen.isPresent()) {
            seen.get().close();
        }
    }

    private static Waiter waiter(ResultSet row) throws SQLException {
        return new Waiter(
                row.getInt(1),
                Blocker.text(row, 2),
                Duration.ofMillis(Math.round(row.getDouble(3))),
                Blocker.start(Blocker.text(row, 4)),
                lock(Blocker.text(row, 5), Blocker.text(row, 6), Blocker.text(row, 7)));
    }

    private static String lock(String type, String relation, String held) {
        if (!type.equals("relation")) {
            return type.equals("advisory") ? "an advisory lock" : "a row that it had written or locked";
        }
        return held.isEmpty() ? relation + ", behind another session" : relation + ", of which it held " + held;
    }

    /** A wait behind somebody who waits for us is ours only since he does. */
    private static String sql(boolean saysSinceWhen) {
        // Before 14 no server knows when a wait began. Its statement began a little earlier, if we may see when.
        String began = saysSinceWhen ? "l.waitstart" : "a.query_start";
        String seen = saysSinceWhen
                ? ""
                : "(SELECT s.ms FROM unnest(?::int[], ?::float8[]) s (pid, ms) WHERE s.pid = l.pid), ";
        return "WITH RECURSIVE waiting AS MATERIALIZED ("
                + "SELECT l.pid, pg_blocking_pids(l.pid) AS behind, l.locktype, l.relation, a.application_name, a.query,"
                + " coalesce(extract(epoch FROM clock_timestamp() - " + began + ") * 1000, " + seen + "0) AS waited,"
                + " a.application_name NOT LIKE 'pitstop:%' AND (l.locktype NOT IN ('relation', 'virtualxid')"
                + " OR l.locktype = 'relation' AND l.mode IN " + WEAK + ") AS applies"
                + " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                + " WHERE NOT l.granted AND a.datname = current_database() ORDER BY waited DESC LIMIT " + ENOUGH + "),"
                + " chain (pid, waited) AS (SELECT pid, waited FROM waiting WHERE ? = ANY (behind) UNION"
                + " SELECT w.pid, least(w.waited, c.waited) FROM waiting w JOIN chain c ON c.pid = ANY (w.behind)"
                + " WHERE NOT ? = ANY (w.behind)),"
                + " longest AS (SELECT w.pid, w.application_name, c.waited, left(w.query, 500) AS query, w.locktype,"
                + " w.relation FROM chain c JOIN waiting w USING (pid) WHERE w.applies ORDER BY c.waited DESC LIMIT 1)"
                + " SELECT pid, application_name, waited, query, locktype, relation::regclass::text,"
                + " (SELECT string_agg(DISTINCT h.mode, ', ') FROM pg_locks h WHERE h.pid = ? AND h.granted"
                + " AND h.relation = longest.relation AND h.mode NOT IN " + WEAK + ") FROM longest";
    }
}
