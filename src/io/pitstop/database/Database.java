package io.pitstop.database;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/**
 * The application's own database, as the agent uses it: few sessions, each with a name that says what it is for.
 *
 * <p>Sessions are opened when needed and closed at once; a command has no use for a pool.
 */
public final class Database {
    private static final String USER = "PITSTOP_DB_USER";
    private static final String PASSWORD = "PITSTOP_DB_PASSWORD";

    private static final Set<String> OUTSIDE = Set.of("08", "40", "53", "55", "57", "58", "XX");

    /** What an answer may take on its way, once the server has ended the statement. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final DatabaseConfig config;
    private final String application;
    private final Logins logins;

    /** @param logins as whom sessions are opened */
    public Database(DatabaseConfig config, String application, Logins logins) {
        this.config = config;
        this.application = application;
        this.logins = logins;
    }

    /**
     * @param environment holds PITSTOP_DB_USER, and PITSTOP_DB_PASSWORD unless the server asks for none
     * @throws InvalidConfig if the user is not set
     */
    public static Database from(DatabaseConfig config, String application, Map<String, String> environment) {
        String user = user(environment)
                .orElseThrow(() -> new InvalidConfig(
                        "The environment variable " + USER + " is not set.",
                        "Set " + USER + " and " + PASSWORD
                                + ", in Jenkins by withCredentials; or set database.credentials in pitstop.yml."));
        Login login = new Login(user, environment.getOrDefault(PASSWORD, ""));
        return new Database(config, application, refused -> login);
    }

    /** The user that {@code environment} names; empty if none. */
    public static Optional<String> user(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(USER)).filter(user -> !user.isBlank());
    }

    /** True if {@code environment} holds the password, so that nobody else is to be asked for it. */
    public static boolean hasPassword(Map<String, String> environment) {
        return !environment.getOrDefault(PASSWORD, "").isEmpty();
    }

    /** What other programs may see of {@code environment}: all but our access to the database. */
    public static Map<String, String> withoutAccess(Map<String, String> environment) {
        Map<String, String> others = new HashMap<>(environment);
        others.keySet().removeAll(Set.of(USER, PASSWORD));
        return others;
    }

    public DatabaseConfig config() {
        return config;
    }

    /**
     * Opens a session with autocommit.
     *
     * @param purpose what it is for; shows as application_name {@code pitstop:<application>:<purpose>}
     * @throws InvalidConfig if the server refuses user, password or database
     * @throws DependencyFailed if the server cannot be reached
     */
    public Connection connect(String purpose) {
        try {
            return open(purpose);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Sessions for a library that opens its own; each call of getConnection is a new one. */
    public DataSource dataSource(String purpose) {
        return new SessionSource(() -> open(purpose));
    }

    /** Counts the sessions of the database whose application_name is {@code name}. */
    public int countSessions(String name) {
        String sql =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = ?";
        try (Connection connection = open("sessions");
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** The process in the server that serves {@code session}. */
    public static int pid(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    /**
     * Bounds each statement of a session, on the server and, if that does not answer either, here.
     *
     * @throws SQLException if the server refuses that
     */
    public static void limit(Connection session, Duration statement) throws SQLException {
        try (Statement settings = session.createStatement()) {
            settings.execute("SET statement_timeout = " + statement.toMillis());
        }
        session.setNetworkTimeout(Runnable::run, (int) statement.plus(ANSWER).toMillis());
    }

    /**
     * Ends what a session does now, from another thread; needs no session of its own, so that it also works when the
     * server has none left.
     */
    public static void cancel(Connection session) throws SQLException {
        session.unwrap(PGConnection.class).cancelQuery();
    }

    /** Closes a session whose end is of no interest any more. */
    public static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is closed all the same.
            return;
        }
    }

    /** What the server says is wrong, in one line and without the rows of data that it may quote. */
    public static String message(SQLException e) {
        boolean fromServer = e instanceof PSQLException failure && failure.getServerErrorMessage() != null;
        String message =
                fromServer ? ((PSQLException) e).getServerErrorMessage().getMessage() : e.getMessage();
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /**
     * True if a statement failed for a reason outside of itself: connection, conflict with another transaction,
     * resources, an operator, the system. The same statement may succeed another time.
     */
    public static boolean isOutside(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.length() == 5 && OUTSIDE.contains(state.substring(0, 2));
    }

    /** Turns what the driver says into what the operator should do next. */
    public static PitstopException failure(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (isRefusal(e) || state.equals("3D000")) {
            return new InvalidConfig(
                    "The database refused us: " + message(e),
                    "Check database.url, and " + USER + " and " + PASSWORD + " or database.credentials.",
                    e);
        }
        if (state.startsWith("08")) {
            return new DependencyFailed(
                    "The database cannot be reached: " + message(e), "Check that it runs, then run the step again.", e);
        }
        return new DependencyFailed(
                "The database failed: " + message(e), "Read the message, mend the cause, run the step again.", e);
    }

    private static boolean isRefusal(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("28");
    }

    private Connection open(String purpose) throws SQLException {
        Login login = logins.login(Optional.empty());
        try {
            return open(purpose, login);
        } catch (SQLException e) {
            Login other = isRefusal(e) ? logins.login(Optional.of(login)) : login;
            if (other.equals(login)) {
                throw e;
            }
            return open(purpose, other);
        }
    }

    private Connection open(String purpose, Login login) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        properties.setProperty("ApplicationName", "pitstop:" + application + ":" + purpose);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketFactory", KeptAliveSockets.class.getName());
        Connection connection = new org.postgresql.Driver().connect(config.url(), properties);
        try (Statement settings = connection.createStatement()) {
            // A conversion between timestamp types rewrites the table in any other zone.
            settings.execute("SET TimeZone = 'UTC'");
        }
        return connection;
    }
}
