package io.pitstop.check.trial;

import java.sql.Connection;
import java.sql.SQLException;

/** An empty database that is ours for the length of one trial, and nobody's afterwards. */
public interface Scratch extends AutoCloseable {
    /** Opens a session, see {@link io.pitstop.database.Access#connect}. */
    Connection connect() throws SQLException;

    /** Runs what the role of {@link #connect} may not be allowed to: roles and extensions are made so. */
    void administer(String sql) throws SQLException;

    /** Where it came from, for people. */
    String origin();

    /** Removes what the trial left there; a server that was started for the trial is stopped. */
    @Override
    void close();
}
