package io.pitstop.evidence;

import io.pitstop.database.Database;
import io.pitstop.database.Mark;
import io.pitstop.error.Interrupted;
import io.pitstop.release.Lease;
import io.pitstop.release.Release;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which statements ran since users got the new version, by pg_stat_statements: what it has counted then is kept in the
 * journal and compared with what it has counted now. Resets nothing.
 */
public final class StatementLog {
    /** Users are on the new version when the first look is due: it must not keep the switch from being recorded. */
    private static final Duration BRIEFLY = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(800);
    private static final int MOST_LOOKS = 4;
    private static final String TIMED_OUT = "57014";

    private static final Duration PATIENTLY = Duration.ofMinutes(1);

    private static final String NO_ANSWER = "Mend the database, then run the step again.";

    private final Database database;

    public StatementLog(Database database) {
        this.database = database;
    }

    /**
     * Notes what has been counted so far, in place of an earlier look of the release. A failure of a moment is tried again: it
     * would cost contract its evidence, and the team another wait as long as the one that it had.
     *
     * @return why that could not be done; empty if it was
     */
    public Optional<Missing> look(Lease lease) {
        for (int look = 1; ; look++) {
            try {
                return lookOnce(lease);
            } catch (SQLException e) {
                boolean brief = Database.isOutside(e) && !TIMED_OUT.equals(e.getSQLState());
                if (!brief || look == MOST_LOOKS) {
                    return Optional.of(new Missing(
                            Missing.Kind.LOOK,
                            "The statements that ran could not be noted: " + Database.message(e) + ".",
                            NO_ANSWER));
                }
                pause();
            }
        }
    }

    private Optional<Missing> lookOnce(Lease lease) throws SQLException {
        try (Connection session = session(BRIEFLY)) {
            StatementView view = StatementView.of(session);
            if (view.unreadable().isEmpty()) {
                note(session, view, lease);
            }
            return view.unreadable();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("noting the statements that ran");
        }
    }

    /** What ran since the look of the release. */
    public Period since(Release release) {
        try (Connection session = session(PATIENTLY)) {
            StatementView view = StatementView.of(session);
            if (view.unreadable().isPresent()) {
                return new Period(
                        Optional.empty(), List.of(), List.of(view.unreadable().get()));
            }
            return period(session, view, release.id());
        } catch (SQLException e) {
            throw Database.failure(e);
        }
    }

    private Connection session(Duration timeout) throws SQLException {
        // One that cannot be had is a failure like any other here: connect() would throw past whoever tries again.
        Connection session = database.dataSource("statements").getConnection();
        try {
            Database.limit(session, timeout);
            return session;
        } catch (SQLException e) {
            Database.close(session);
            throw e;
        }
    }

    private static void note(Connection session, StatementView view, Lease lease) throws SQLException {
        String release = lease.release().id();
        session.setAutoCommit(false);
        lease.ensureHeld(session);
        run(session, "DELETE FROM pitstop.statement_looks WHERE release = ?", release);
        run(
                session,
                "INSERT INTO pitstop.statement_looks (release, reset_at, evictions) SELECT ?, reset_at, evictions FROM "
                        + view.state(),
                release);
        run(
                session,
                "INSERT INTO pitstop.statement_calls (release, role, query, calls) SELECT ?, role, query, calls FROM "
                        + view.counts(false),
                release);
        session.commit();
    }

    private static Period period(Connection session, StatementView view, String release) throws SQLException {
        String sql = "SELECT l.at, l.reset_at IS DISTINCT FROM s.reset_at, s.evictions - l.evictions"
                + " FROM pitstop.statement_looks l, " + view.state() + " WHERE l.release = ?";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, release);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return new Period(Optional.empty(), List.of(), List.of());
                }
                Instant since = row.getTimestamp(1).toInstant();
                List<Missing> missing = new ArrayList<>();
                boolean reset = row.getBoolean(2) || lost(session, view, release) && row.getLong(3) == 0;
                if (reset) {
                    missing.add(new Missing(
                            Missing.Kind.RESET,
                            "pg_stat_statements was reset since " + since + ".",
                            "Let nobody reset it until contract."));
                } else if (row.getLong(3) > 0) {
                    missing.add(new Missing(
                            Missing.Kind.FORGOTTEN,
                            "pg_stat_statements has forgotten statements " + row.getLong(3) + " times since " + since
                                    + ", because there are more than it can keep.",
                            "Raise pg_stat_statements.max, which takes a restart of the server."));
                }
                return new Period(Optional.of(since), ran(session, view, release, reset), missing);
            }
        }
    }

    /** True if what was counted at the look is not counted any more. */
    private static boolean lost(Connection session, StatementView view, String release) throws SQLException {
        String sql = "SELECT EXISTS (SELECT FROM pitstop.statement_calls c LEFT JOIN " + view.counts(false)
                + " ON s.role = c.role AND s.query = c.query WHERE c.release = ? AND coalesce(s.calls, 0) < c.calls)";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, release);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** @param reset true if all that is counted now may have been counted since */
    private static List<Ran> ran(Connection session, StatementView view, String release, boolean reset)
            throws SQLException {
        String sql = "SELECT s.text, pg_get_userbyid(s.role),"
                + " s.calls - CASE WHEN c.calls <= s.calls THEN c.calls ELSE 0 END AS calls FROM " + view.counts(true)
                + " LEFT JOIN pitstop.statement_calls c ON c.release = ? AND c.role = s.role AND c.query = s.query"
                + (reset ? " AND false" : "") + " WHERE s.calls IS DISTINCT FROM c.calls ORDER BY 3 DESC";
        try (PreparedStatement query = session.prepareStatement(sql)) {
            query.setString(1, release);
            try (ResultSet rows = query.executeQuery()) {
                List<Ran> ran = new ArrayList<>();
                while (rows.next()) {
                    String text = rows.getString(1) == null ? "" : rows.getString(1);
                    ran.add(new Ran(text, rows.getString(2), rows.getLong(3), Mark.isOn(text)));
                }
                return ran;
            }
        }
    }

    private static void run(Connection session, String sql, String release) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(sql)) {
            statement.setString(1, release);
            statement.executeUpdate();
        }
    }
}
