package io.pitstop.release;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Who works on a step right now. */
public record LeaseHolder(String step, String person, String build, String host, Instant since) {
    /** Reads step, person, build, host and time from the first five columns. */
    static LeaseHolder from(ResultSet row) throws SQLException {
        return new LeaseHolder(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getTimestamp(5).toInstant());
    }

    @Override
    public String toString() {
        return person + " on " + host + (build.isEmpty() ? "" : " from build " + build) + " since " + since;
    }
}
