package io.pitstop.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** A way into a PostgreSQL that is not the application's own: where it is, and as whom. Shows no password. */
public final class Access {
    private static final String SETTINGS = "-c lock_timeout=5s -c statement_timeout=30s";

    private final String url;
    private final String user;
    private final String password;

    /** @param url JDBC URL, without user and password */
    public Access(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /** The same server, another database of it. */
    public Access to(String database) {
        String other = url.replaceFirst("^(jdbc:postgresql:(?://[^/?]*/?)?)[^?]*", "$1" + database);
        return new Access(other, user, password);
    }

    /**
     * Opens a session with autocommit, for which several statements in one text are one transaction, and whose
     * statements end after 30 s.
     *
     * @param purpose what it is for; shows as application_name {@code pitstop:<purpose>}
     */
    public Connection connect(String purpose) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "pitstop:" + purpose);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("options", SETTINGS);
        // Scripts go to the server as they are written; the driver would cut them up.
        properties.setProperty("preferQueryMode", "simple");
        Connection connection = new org.postgresql.Driver().connect(url, properties);
        setZone(connection);
        return connection;
    }

    /** The agent works in UTC wherever it runs; the driver begins a session in the zone of this machine. */
    public static void setZone(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
        }
    }

    /** Gives a role a password without sending it. */
    public static void setPassword(Connection connection, String role, String password) throws SQLException {
        connection
                .unwrap(org.postgresql.PGConnection.class)
                .alterUserPassword(role, password.toCharArray(), "scram-sha-256");
    }

    @Override
    public String toString() {
        return url.replaceFirst("\\?.*", "");
    }
}
