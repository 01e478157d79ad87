package io.pitstop.release;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Who works on a step right now. */
public record LeaseHolder(String step, String person, String build, String host, Instant since) {
    /** Who was silent for this long is dead, even if the server has not noticed that the session is. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /**
     * A condition in SQL that is true while the holder of a lease shows signs of life.
     *
     * @param lease names a row of pitstop.leases
     */
    public static String isAlive(String lease) {
        // The server hides backend_start of other users' sessions; then the heartbeat alone tells.
        return "(" + lease + ".heartbeat_at > clock_timestamp() - interval '" + SILENCE.toSeconds()
                + " seconds' AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = " + lease + ".backend_pid"
                + " AND coalesce(a.backend_start = " + lease + ".backend_start, true)))";
    }

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
