package io.pitstop.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Transactions that were prepared and not ended yet, by the locks that they keep. */
final class PreparedTransactions {
    /** Its locks are no session's; what holds the lock on its number holds the others as well. */
    private static final String HELD = " FROM pg_prepared_xacts p"
            + " JOIN pg_locks own ON own.pid IS NULL AND own.transactionid = p.transaction"
            + " JOIN pg_locks h ON h.pid IS NULL AND h.granted AND h.virtualtransaction = own.virtualtransaction";

    private static final String COLUMNS = "SELECT DISTINCT p.gid, p.owner::text, p.database::text,"
            + " extract(epoch FROM statement_timestamp() - p.prepared) * 1000";

    private static final String OLDEST_FIRST = " ORDER BY 4 DESC LIMIT 5";

    /** Which of two modes exclude each other is left to the server, but for the two that exclude next to nothing. */
    private static final String KEEPING_WAITING = COLUMNS + HELD
            + " JOIN pg_locks w ON w.pid = ? AND NOT w.granted AND w.locktype = h.locktype"
            + " AND (w.database, w.relation, w.page, w.tuple, w.transactionid, w.classid, w.objid, w.objsubid)"
            + " IS NOT DISTINCT FROM"
            + " (h.database, h.relation, h.page, h.tuple, h.transactionid, h.classid, h.objid, h.objsubid)"
            + " WHERE h.mode NOT IN ('AccessShareLock', 'RowShareLock')"
            + " OR w.mode IN ('ExclusiveLock', 'AccessExclusiveLock')"
            + OLDEST_FIRST;

    private static final String WRITING = COLUMNS + HELD
            + " JOIN pg_class c ON h.locktype = 'relation' AND c.oid = h.relation"
            + " WHERE p.database = current_database()"
            + " AND h.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            + " AND h.mode NOT IN ('AccessShareLock', 'RowShareLock')"
            + " AND p.prepared < clock_timestamp() - ? * interval '1 ms'"
            + " AND (lower(c.relname) = ANY (?) OR EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid"
            + " WHERE i.indrelid = c.oid AND lower(x.relname) = ANY (?)))"
            + OLDEST_FIRST;

    private final Connection side;

    /** @param side a session with autocommit that nobody else uses meanwhile */
    PreparedTransactions(Connection side) {
        this.side = side;
    }

    /** Those that have a lock for which session {@code pid} waits. */
    List<Blocker> of(int pid) throws SQLException {
        try (PreparedStatement query = side.prepareStatement(KEEPING_WAITING)) {
            query.setInt(1, pid);
            return list(query);
        }
    }

    /**
     * Those of the database that have written to a table, or have locked it more strongly, and did so longer ago than
     * {@code age}.
     *
     * @param names of tables or of their indexes, in lower case
     */
    List<Blocker> writing(Collection<String> names, Duration age) throws SQLException {
        try (PreparedStatement query = side.prepareStatement(WRITING)) {
            query.setLong(1, age.toMillis());
            query.setArray(2, side.createArrayOf("text", names.toArray()));
            query.setArray(3, side.createArrayOf("text", names.toArray()));
            return list(query);
        }
    }

    private static List<Blocker> list(PreparedStatement query) throws SQLException {
        List<Blocker> blockers = new ArrayList<>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                Blocker.Prepared prepared =
                        new Blocker.Prepared(rows.getString(1), rows.getString(2), rows.getString(3));
                blockers.add(Blocker.of(prepared, Duration.ofMillis(rows.getLong(4))));
            }
        }
        return blockers;
    }
}
