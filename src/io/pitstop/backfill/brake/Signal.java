package io.pitstop.backfill.brake;

import java.sql.Connection;
import java.sql.SQLException;

/** One thing that may say that the database has nothing to spare. */
interface Signal {
    /** As in {@code --ignore}, such as {@code replica-lag}. */
    String name();

    /** True if it only speaks for an application: on a database that nobody else uses it is of no interest. */
    boolean isForOthers();

    /**
     * Reads it now.
     *
     * @throws SQLException if it cannot be read, which counts as a reason to do less
     */
    Reading read(Connection session) throws SQLException;
}
