package io.pitstop.backfill.brake;

import io.pitstop.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gathers the signals that there are on a server. One that cannot even be set up counts as bad, and says why. */
final class Signals {
    private final Connection session;
    private final Set<String> ignored;
    private final List<Signal> all = new ArrayList<>();

    private Signals(Connection session, Set<String> ignored) {
        this.session = session;
        this.ignored = ignored;
    }

    /**
     * What is watched.
     *
     * @param url of the database
     * @param sessions what the names of our own sessions begin with
     * @param table as its name is written in SQL
     * @param oldSnapshotSeconds how old a transaction may be
     */
    record Place(String url, String sessions, String table, double oldSnapshotSeconds) {}

    /**
     * @param ignored names of signals that are left out, and not set up either
     * @throws SQLException if {@code session} is of no use any more
     */
    static List<Signal> of(Connection session, Place place, Set<String> ignored, Usual usual) throws SQLException {
        Signals signals = new Signals(session, ignored);
        String table = place.table;
        Gauges.of(session, table, place.sessions, place.oldSnapshotSeconds).stream()
                .filter(gauge -> !ignored.contains(gauge.name()))
                .forEach(signals.all::add);
        int version = Integer.parseInt(Gauges.text(session, "SHOW server_version_num"));
        signals.add("checkpoints", () -> Optional.of(new Checkpoints(version)));
        signals.add("disk", () -> Disk.of(session, place.url));
        signals.add("statements", () -> StatementTimes.of(session, table.substring(table.lastIndexOf('.') + 1)));
        signals.add("commits", () -> Optional.of(Probe.ofCommits(session, usual)));
        signals.add(
                "latency",
                () -> isPartitioned(session, table)
                        ? Optional.empty()
                        : Optional.of(Probe.ofReads(session, usual, table)));
        return List.copyOf(signals.all);
    }

    private interface Source {
        Optional<? extends Signal> make() throws SQLException;
    }

    private void add(String name, Source source) throws SQLException {
        if (ignored.contains(name)) {
            return;
        }
        try {
            source.make().ifPresent(all::add);
        } catch (SQLException e) {
            if (!session.isValid(1)) {
                throw e;
            }
            all.add(new Unreadable(name, Database.message(e)));
        }
    }

    /** Speaks for an application, as all that need to be set up do. */
    private record Unreadable(String name, String reason) implements Signal {
        @Override
        public boolean isForOthers() {
            return true;
        }

        @Override
        public Reading read(Connection session) {
            return Reading.slow(name + " cannot be read: " + reason);
        }
    }

    private static boolean isPartitioned(Connection session, String table) throws SQLException {
        String sql = "SELECT relkind = 'p' FROM pg_class WHERE oid = '" + table.replace("'", "''") + "'::regclass";
        return "t".equals(Gauges.text(session, sql));
    }
}
