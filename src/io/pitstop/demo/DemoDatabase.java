package io.pitstop.demo;

import io.pitstop.demo.blog.Seed;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Where the demo's posts are: an embedded PostgreSQL of its own, or an empty database of the user's. */
public final class DemoDatabase implements AutoCloseable {
    private final String url;
    private final String user;
    private final String password;
    private final Map<String, String> scratch;
    private final Runnable end;

    DemoDatabase(String url, String user, String password, Map<String, String> scratch, Runnable end) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.scratch = scratch;
        this.end = end;
    }

    /**
     * Starts a new server with an empty database, which runs until it is closed, even beyond the end of this process.
     * What an earlier run left in the folder, even running, is removed.
     *
     * @param data folder of this one server, removed when it closes
     * @param programs folder for PostgreSQL's programs, unpacked at the first start and kept
     * @throws DependencyFailed if PostgreSQL cannot run on this machine
     */
    public static DemoDatabase start(Path data, Path programs) {
        EmbeddedServer server = EmbeddedServer.start(data, programs);
        return new DemoDatabase(server.url(), server.user(), server.password(), server.scratch(), server::close);
    }

    /**
     * Uses a database of the user's; what the demo makes there is dropped when it closes.
     *
     * @param environment with PITSTOP_DB_USER and PITSTOP_DB_PASSWORD
     */
    static DemoDatabase at(String url, Map<String, String> environment) {
        String user = environment.getOrDefault("PITSTOP_DB_USER", "");
        String password = environment.getOrDefault("PITSTOP_DB_PASSWORD", "");
        return new DemoDatabase(url, user, password, Map.of(), () -> drop(url, user, password));
    }

    public String url() {
        return url;
    }

    public String user() {
        return user;
    }

    public String password() {
        return password;
    }

    /** What the agent needs in its environment to come in. */
    public Map<String, String> environment() {
        return Map.of("PITSTOP_DB_USER", user, "PITSTOP_DB_PASSWORD", password);
    }

    /** What the agent needs in its environment to try scripts before they run; empty if nobody gave it a place for that. */
    public Map<String, String> scratch() {
        return scratch;
    }

    /** Brings the schema to version 1 of the blog and sows posts. Takes seconds for 200,000. */
    public void seed(Seed seed) {
        try {
            Flyway.configure()
                    .dataSource(url, user, password)
                    .locations("classpath:demo/db/migration")
                    .target("1")
                    .load()
                    .migrate();
            try (Connection connection = connect(url, user, password);
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO posts (id, title, content, author_name, author_email)"
                        + " OVERRIDING SYSTEM VALUE " + seed.query());
                statement.execute(
                        "SELECT setval(pg_get_serial_sequence('posts', 'id'), " + Math.max(1, seed.posts()) + ")");
                statement.execute("VACUUM (ANALYZE) posts");
            }
        } catch (SQLException | FlywayException e) {
            throw new DependencyFailed("The demo's database cannot be sown: " + e.getMessage(), EmbeddedServer.HINT, e);
        }
    }

    /** Leaves nothing behind; a second call does nothing. */
    @Override
    public void close() {
        end.run();
    }

    /** @throws InvalidConfig if there are tables in it, which are not ours to drop */
    void refuseTables() {
        try (Connection connection = connect(url, user, password);
                Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery("SELECT count(*) FROM pg_tables"
                        + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")) {
            tables.next();
            if (tables.getInt(1) > 0) {
                throw new InvalidConfig(
                        "--db-url names a database that holds " + tables.getInt(1) + " tables.",
                        "Name an empty database: the demo makes tables and drops them.");
            }
        } catch (SQLException e) {
            throw new InvalidConfig(
                    "--db-url cannot be used: " + e.getMessage() + ".",
                    "Check the URL, PITSTOP_DB_USER and PITSTOP_DB_PASSWORD.",
                    e);
        }
    }

    /** @throws InvalidConfig if it does not tell which statements run, which contract will ask */
    void refuseSilence() {
        try (Connection connection = connect(url, user, password);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT FROM pg_stat_statements LIMIT 1");
        } catch (SQLException e) {
            throw new InvalidConfig(
                    "--db-url names a database that does not count its statements: " + e.getMessage() + ".",
                    "Load pg_stat_statements at the server's start, CREATE EXTENSION pg_stat_statements, and GRANT"
                            + " pg_read_all_stats TO " + user + ".",
                    e);
        }
    }

    private static void drop(String url, String user, String password) {
        try (Connection connection = connect(url, user, password);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS pitstop, pitstop_archive CASCADE");
            statement.execute("DROP TABLE IF EXISTS posts, authors, flyway_schema_history, pitstop_finish_history,"
                    + " pitstop_contract_history CASCADE");
            statement.execute("DROP FUNCTION IF EXISTS posts_author_dual_write(), posts_author_follow(),"
                    + " author_of(text, text) CASCADE");
        } catch (SQLException e) {
            throw new DependencyFailed(
                    "The demo's tables cannot be dropped: " + e.getMessage(), "Drop them by hand.", e);
        }
    }

    private static Connection connect(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "pitstop:demo:setup");
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection(url, properties);
    }
}
