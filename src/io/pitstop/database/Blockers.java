package io.pitstop.database;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Finds out who is in the way, from a session that is not itself held up. */
public final class Blockers {
    private final Connection side;

    /** @param side a session with autocommit that nobody else uses meanwhile */
    public Blockers(Connection side) {
        this.side = side;
    }

    /** Those whose locks session {@code pid} waits for now; a queue that it stands in belongs to them. */
    public List<Blocker> of(int pid) throws SQLException {
        // One that is prepared counts as pid 0, which no session has; who it is takes another question.
        List<Blocker> all = list(
                "(SELECT DISTINCT unnest(pg_blocking_pids(?)) AS blocking) b LEFT JOIN pg_stat_activity ON pid = blocking"
                        + " WHERE blocking = 0 OR pid IS NOT NULL ORDER BY xact_start",
                pid);
        List<Blocker> sessions =
                all.stream().filter(blocker -> blocker.pid() != 0).toList();
        if (sessions.size() == all.size()) {
            return sessions;
        }
        return Stream.concat(new PreparedTransactions(side).of(pid).stream(), sessions.stream())
                .toList();
    }

    /**
     * Prepared transactions that have written to a table, and have been there for longer than {@code age}: a concurrent
     * index build waits for them.
     *
     * @param names of tables or of their indexes, in lower case
     */
    public List<Blocker> prepared(Collection<String> names, Duration age) throws SQLException {
        return new PreparedTransactions(side).writing(names, age);
    }

    /** Those whose old snapshots will make a concurrent index build wait until they end. */
    public List<Blocker> olderSnapshots(int pid) throws SQLException {
        return list(
                "pg_stat_activity WHERE pid <> ? AND datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL"
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

    /** What to do about them, one imperative sentence without its end. */
    public static String hint(List<Blocker> blockers) {
        if (blockers.stream().anyMatch(Blocker::preventsWraparound)) {
            return "Wait until that vacuum is through, pg_stat_progress_vacuum shows how far it is, then run the step"
                    + " again: it keeps the database from running out of transaction ids and yields to nobody";
        }
        return blockers.stream()
                .flatMap(blocker -> blocker.prepared().stream())
                .findFirst()
                .map(prepared -> prepared.end() + ", and run the step again")
                .orElse("Wait for that transaction or end it, then run the step again");
    }

    private List<Blocker> list(String from, int pid) throws SQLException {
        String sql = "SELECT " + Blocker.COLUMNS + " FROM " + from;
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
