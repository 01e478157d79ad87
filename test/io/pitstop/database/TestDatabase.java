package io.pitstop.database;

import io.pitstop.config.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A database of a test's own, on one real PostgreSQL that all tests of a run share. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** Creates an empty database. */
    public static TestDatabase create() {
        return create("template1");
    }

    /** Creates one that holds the same; nobody may be connected to {@code other}. */
    public static TestDatabase copyOf(TestDatabase other) {
        return create(other.name);
    }

    private static TestDatabase create(String template) {
        TestDatabase database = new TestDatabase("t" + COUNT.incrementAndGet());
        try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database.name + " TEMPLATE " + template);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return database.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + Server.POSTGRES.getPort() + "/" + name;
    }

    /** What the agent needs in its environment to come in. */
    public Map<String, String> environment() {
        return Map.of("PITSTOP_DB_USER", "postgres", "PITSTOP_DB_PASSWORD", "postgres");
    }

    /** The database as the agent sees it, for an application named blog, with a lock timeout of 200 ms. */
    public Database database() {
        DatabaseConfig config =
                new DatabaseConfig(url(), Duration.ofMillis(200), Duration.ofSeconds(10), "{application}-{colour}");
        return Database.from(config, "blog", environment());
    }

    /** One that nobody has started. */
    public static Database unreachable() {
        DatabaseConfig config = new DatabaseConfig(
                "jdbc:postgresql://127.0.0.1:1/none", Duration.ofMillis(200), Duration.ofSeconds(10), "{application}");
        return new Database(config, "blog", refused -> new Login("postgres", ""));
    }

    public Connection connect() {
        return database().connect("test");
    }

    public TestDatabase execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row as text; "nothing" if there is no row. */
    public String query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Ends sessions one after the other, each gone before the next; a server before version 14 does not wait for that.
     *
     * @param from a FROM clause with a column pid, and what follows it
     */
    public void terminate(String from) {
        for (String pid : query("SELECT string_agg(pid::text, ' ') " + from).split(" ")) {
            query("SELECT pg_terminate_backend(" + pid + ")");
            awaitQuery("SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid, "0");
        }
    }

    /** Major version of the server. */
    public static int version() {
        try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection()) {
            return connection.getMetaData().getDatabaseMajorVersion();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Skips a test of what older servers do not have, and says so. */
    public static void assumeAtLeast(int version, String feature) {
        Assumptions.assumeTrue(version() >= version, () -> "PostgreSQL " + version() + " has no " + feature);
    }

    /** Returns once {@code sql} gives {@code value}, and fails if it has not within 10 s. */
    public void awaitQuery(String sql, String value) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        String last = query(sql);
        while (!last.equals(value)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(sql + " gives " + last + ", not " + value);
            }
            Thread.onSpinWait();
            last = query(sql);
        }
    }

    /** Started at first use, stopped with the test run. */
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                Path data = Files.createTempDirectory("pitstop-test-");
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setRegisterShutdownHook(false)
                        .setOverrideWorkingDirectory(
                                Path.of("target", "postgres").toAbsolutePath().toFile())
                        .setServerConfig("max_connections", "100")
                        .setServerConfig("max_prepared_transactions", "10")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                        .setServerConfig("pg_stat_statements.max", "50000")
                        .setServerConfig("unix_socket_directories", "")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, data), "stop"));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The files of hundreds of databases: file by file from here takes longer than Maven waits for a JVM to end. */
        private static void stop(EmbeddedPostgres server, Path data) {
            try {
                server.close();
                new ProcessBuilder("rm", "-rf", data.toString()).start().waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
