package io.pitstop.database;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds out who is in the way, from a session that is not itself held up. */
public final class Blockers {
    private final Connection side;

    /** @param side a session with autocommit that nobody else uses meanwhile */
    public Blockers(Connection side) {
        this.side = side;
    }

    /** Those whose locks session {@code pid} waits for now; a queue that it stands in belongs to them. */
    public List<Blocker> of(int pid) throws SQLException {
        return list("pid = ANY (pg_blocking_pids(?)) ORDER BY xact_start", pid);
    }

    /** Those whose old snapshots will make a concurrent index build wait until they end. */
    public List<Blocker> olderSnapshots(int pid) throws SQLException {
        return list(
                "pid <> ? AND datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL"
                        + " AND xact_start < clock_timestamp() - interval '1 second' AND backend_type = 'client backend'"
                        + " ORDER BY xact_start LIMIT 5",
                pid);
    }

    /**
     * Starts to look who is in the way of session {@code pid}, until the look is closed.
     *
     * <p>While it is open nobody else may use the side session.
     */
    public Look look(int pid) {
        return new Look(this, pid);
    }

    /** Makes those give way that are a vacuum of the server's own; takes a second or two for each. */
    void sendVacuumAway(List<Blocker> blockers) throws SQLException {
        new ServerVacuum(side).sendAway(blockers);
    }

    /** Names up to three of them. */
    public static String names(List<Blocker> blockers) {
        return blockers.stream().limit(3).map(Blocker::toString).collect(joining("; "));
    }

    private List<Blocker> list(String where, int pid) throws SQLException {
        String sql = "SELECT " + Blocker.COLUMNS + " FROM pg_stat_activity WHERE " + where;
        try (PreparedStatement query = side.prepareStatement(sql)) {
            query.setInt(1, pid);
            List<Blocker> blockers = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    blockers.add(Blocker.from(rows));
                }
            }
            return blockers;
        }
    }
}
