package io.pitstop.migration;

import io.pitstop.database.Database;
import io.pitstop.error.PitstopException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A session for short questions that can be replaced when it is lost; for one thread at a time. */
final class SpareSession implements AutoCloseable {
    /** Each of its questions takes milliseconds; one that is not answered is as good as a lost session. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final Database database;
    private final String purpose;
    private Connection session;

    SpareSession(Database database, String purpose) throws SQLException {
        this.database = database;
        this.purpose = purpose;
        this.session = open();
    }

    Connection session() {
        return session;
    }

    /**
     * Opens another one in its place.
     *
     * @throws PitstopException if the server does not let us in
     */
    void renew() throws SQLException {
        Database.close(session);
        session = open();
    }

    @Override
    public void close() {
        Database.close(session);
    }

    private Connection open() throws SQLException {
        Connection opened = database.connect(purpose);
        try {
            opened.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
            Settings.stayAwake(opened);
            return opened;
        } catch (SQLException e) {
            Database.close(opened);
            throw e;
        }
    }
}
