package io.pitstop.check.trial;

import io.pitstop.database.Access;
import io.pitstop.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The session in which scripts are tried. Roles that they name and that this server does not have are made, and removed
 * when it closes.
 */
final class Session implements AutoCloseable {
    private static final Pattern ROLE = Pattern.compile("role \"([^\"]+)\" does not exist");
    private static final String UNKNOWN_OBJECT = "42704";
    private static final int MOST_ROLES = 100;

    private final Scratch scratch;
    private final Connection connection;
    private final Set<String> roles = new LinkedHashSet<>();

    private Session(Scratch scratch, Connection connection) {
        this.scratch = scratch;
        this.connection = connection;
    }

    static Session open(Scratch scratch) throws SQLException {
        return new Session(scratch, scratch.connect());
    }

    /** Something that is done in the session, and may be done again from its beginning. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    Connection connection() {
        return connection;
    }

    /** Forgets what a script has set, and what it has prepared. */
    void discard() throws SQLException {
        execute("DISCARD ALL");
        Access.setZone(connection);
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** Commits what {@code work} does, or rolls all of it back; again from its beginning if all it lacks is a role. */
    <T> T inTransaction(Work<T> work) throws SQLException {
        return withRoles(() -> {
            connection.setAutoCommit(false);
            try {
                T result = work.run();
                connection.commit();
                return result;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
                execute("RESET ALL");
                execute("RESET ROLE");
                Access.setZone(connection);
            }
        });
    }

    <T> T withRoles(Work<T> work) throws SQLException {
        while (true) {
            try {
                return work.run();
            } catch (SQLException e) {
                if (!makesRole(e)) {
                    throw e;
                }
            }
        }
    }

    /** True if all that a statement lacks is a role. */
    static boolean lacksRole(SQLException e) {
        return UNKNOWN_OBJECT.equals(e.getSQLState())
                && ROLE.matcher(Database.message(e)).find();
    }

    private boolean makesRole(SQLException e) throws SQLException {
        Matcher role = ROLE.matcher(Database.message(e));
        if (!lacksRole(e) || !role.find() || roles.size() >= MOST_ROLES || !roles.add(role.group(1))) {
            return false;
        }
        String name = quoted(role.group(1));
        scratch.administer("CREATE ROLE " + name + " ROLE CURRENT_USER");
        scratch.administer("GRANT " + name + " TO " + quoted(user()));
        return true;
    }

    private String user() throws SQLException {
        return connection.getMetaData().getUserName();
    }

    /** Runs one statement of a transaction; if it fails, the transaction can go on without it. */
    Optional<SQLException> attempt(String sql) throws SQLException {
        execute("SAVEPOINT pitstop");
        try {
            execute(sql);
            execute("RELEASE SAVEPOINT pitstop");
            return Optional.empty();
        } catch (SQLException e) {
            execute("ROLLBACK TO SAVEPOINT pitstop");
            return Optional.of(e);
        }
    }

    /** Makes an extension that only an administrator may make; false if the server does not have it. */
    boolean makesExtension(String sql) {
        try {
            scratch.administer(sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Removes the roles that were made, as far as nothing elsewhere is theirs, and ends the session. */
    @Override
    public void close() {
        try {
            for (String role : roles) {
                scratch.administer("DROP OWNED BY " + quoted(role) + " CASCADE");
                scratch.administer("DROP ROLE " + quoted(role));
            }
        } catch (SQLException e) {
            // A role without rights and without a password is all that is left of it.
            roles.clear();
        } finally {
            Database.close(connection);
        }
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
