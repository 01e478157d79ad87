package io.pitstop.migration;

import io.pitstop.error.MoveRefused;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Timeouts of the session that migrates, for its transaction or for the whole session. */
final class Settings {
    private static final Duration IDLE_WITHIN = Duration.ofSeconds(15);

    private final Connection connection;
    private final boolean forTransaction;
    private boolean checked;

    Settings(Connection connection, boolean forTransaction) {
        this.connection = connection;
        this.forTransaction = forTransaction;
    }

    /** Lifts the limits that a role or a database may put on sessions of the application; ours are others. */
    void patient() throws SQLException {
        String sql = "SELECT set_config(name, '0', " + forTransaction + ") FROM pg_settings WHERE name IN"
                + " ('idle_in_transaction_session_timeout', 'statement_timeout', 'transaction_timeout')";
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(sql).close();
        }
    }

    /**
     * From here on the transaction holds locks: should its node be lost or frozen, the server ends it, which would else
     * keep them until TCP gives up.
     */
    void endIfIdle() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = '" + IDLE_WITHIN.toSeconds() + "s'");
        }
    }

    /** Lets a session wait for its next question however long that takes; a role or a database may have a limit. */
    static void stayAwake(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement
                    .executeQuery(
                            "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'")
                    .close();
        }
    }

    /**
     * Sets the longest time that a statement waits for a lock.
     *
     * @param ms milliseconds; 0 for no limit
     * @throws MoveRefused if the session does not keep it, as behind a pooler that hands each statement to another one
     */
    void lockTimeout(long ms) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config('lock_timeout', ?, ?)")) {
            set.setString(1, ms + "ms");
            set.setBoolean(2, forTransaction);
            set.executeQuery().close();
        }
        if (!checked) {
            check(ms);
            checked = true;
        }
    }

    private void check(long ms) throws SQLException {
        String actual = actual();
        if (!actual.equals(Long.toString(ms))) {
            throw new MoveRefused(
                    "The session does not keep its settings: lock_timeout was set to " + ms + " ms and is " + actual
                            + " ms.",
                    "Let database.url name the server itself or a pooler in session mode.");
        }
    }

    private String actual() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'")) {
            row.next();
            return row.getString(1);
        }
    }
}
