package io.pitstop.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A session that is in the way of one of ours, or a transaction that was prepared and left.
 *
 * @param pid process id of the session in the server; 0 for a prepared transaction
 * @param name its application_name
 * @param age of its transaction
 * @param state what it does now, in the server's words; empty if we may not see it
 * @param query how its last statement begins, without any value
 * @param prepared which one it is, if it is a prepared transaction
 */
public record Blocker(int pid, String name, String state, Duration age, String query, Optional<Prepared> prepared) {
    static final String COLUMNS = "pid, application_name, state,"
            + " extract(epoch FROM clock_timestamp() - xact_start) * 1000, left(query, 500)";

    private static final String VACUUM = "autovacuum: ";
    private static final int SHOWN = 80;
    /** Where a value could begin: a literal of any kind, or a comment with who knows what. */
    private static final Pattern VALUE = Pattern.compile("['$]|--|/\\*|(?<![\\w.])\\d");

    /** Reads {@link #COLUMNS}; the server leaves empty what we may not see. */
    static Blocker from(ResultSet row) throws SQLException {
        return new Blocker(
                row.getInt(1),
                text(row, 2),
                text(row, 3),
                Duration.ofMillis(row.getLong(4)),
                start(text(row, 5)),
                Optional.empty());
    }

    /** A prepared transaction, of which no session is left. */
    static Blocker of(Prepared prepared, Duration age) {
        return new Blocker(0, "", "", age, "", Optional.of(prepared));
    }

    /**
     * A transaction after PREPARE TRANSACTION, which keeps its locks until somebody ends it, over a restart of the
     * server too.
     *
     * @param gid the name that it was given
     */
    public record Prepared(String gid, String owner, String database) {
        @Override
        public String toString() {
            return "prepared transaction " + literal() + " of " + owner + " in database " + database;
        }

        /** How to end it, one imperative sentence without its end. */
        String end() {
            return "Find out what became of it where it was prepared, then run COMMIT PREPARED " + literal()
                    + " or ROLLBACK PREPARED " + literal() + " in database " + database;
        }

        private String literal() {
            return "'" + gid.replace("'", "''").replaceAll("\\p{Cntrl}", "?") + "'";
        }
    }

    /** True if it is a vacuum of the server's own that yields to nobody. */
    boolean preventsWraparound() {
        return query.startsWith(VACUUM) && query.endsWith("(to prevent wraparound)");
    }

    @Override
    public String toString() {
        if (prepared.isPresent()) {
            return prepared.get() + ", open for " + seconds(age);
        }
        String who = "pid " + pid + (name.isEmpty() ? "" : " (" + name + ")");
        String how = state.isEmpty() ? "" : ", " + state;
        return who + how + ", transaction open for " + seconds(age) + (query.isEmpty() ? "" : ": " + query);
    }

    private static String seconds(Duration age) {
        return age.toMillis() < 10_000 ? age.toMillis() / 100 / 10.0 + " s" : age.toSeconds() + " s";
    }

    static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    static String start(String query) {
        String line = query.strip().replaceAll("\\s+", " ");
        if (line.startsWith(VACUUM)) {
            return line; // written by the server: no value in it, and how it ends matters
        }
        Matcher value = VALUE.matcher(line);
        int end = Math.min(SHOWN, value.find() ? value.start() : line.length());
        return line.substring(0, Math.min(end, line.length())) + (end < line.length() ? "…" : "");
    }
}
