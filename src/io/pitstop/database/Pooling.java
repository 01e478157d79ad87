package io.pitstop.database;

import io.pitstop.error.MoveRefused;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** Tells a pooler that lends a session of the server for one transaction only: locks and settings go astray there. */
public final class Pooling {
    /** A statement that somebody else has prepared under the same name, or that is not there any more. */
    private static final Set<String> OF_SOMEBODY_ELSE = Set.of("42P05", "26000");

    private Pooling() {}

    /** @throws MoveRefused if {@code session} is not the same session of the server all the time */
    public static void refuse(Database database, Connection session, String purpose) throws SQLException {
        try {
            if (!isKept(database, session, purpose)) {
                throw pooled(null);
            }
        } catch (SQLException e) {
            if (OF_SOMEBODY_ELSE.contains(String.valueOf(e.getSQLState()))) {
                throw pooled(e);
            }
            throw e;
        }
    }

    private static boolean isKept(Database database, Connection session, String purpose) throws SQLException {
        int before = Database.pid(session);
        try (Connection other = database.connect(purpose)) {
            // A pooler gives it the session that was used last, and must then find another one for us.
            other.setAutoCommit(false);
            Database.pid(other);
            int after = Database.pid(session);
            other.rollback();
            return before == after;
        }
    }

    private static MoveRefused pooled(SQLException cause) {
        return new MoveRefused(
                "database.url leads to a pooler in transaction mode: different processes of the server run the statements"
                        + " of one session.",
                "Let database.url name the server itself or a pooler in session mode.",
                cause);
    }
}
