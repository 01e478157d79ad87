package io.pitstop.bench;

import io.pitstop.config.DatabaseConfig;
import io.pitstop.database.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * A PostgreSQL that waits for its disk, as in production, with a table that is copied anew for each run. Its WAL files are
 * there already and used again, as on a server that has run for a while: to make a new one takes the disk for longer than
 * anything that is measured.
 */
final class BenchServer implements AutoCloseable {
    private static final int WAL_MB = 4_096;

    private final EmbeddedPostgres postgres;
    private int copies;

    BenchServer(Path folder) throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.toFile())
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("shared_buffers", "1GB")
                .setServerConfig("max_wal_size", WAL_MB + "MB")
                .setServerConfig("min_wal_size", WAL_MB + "MB")
                .setServerConfig("max_connections", "100")
                .setServerConfig("unix_socket_directories", "")
                .start();
    }

    /** Writes all WAL files once. */
    void fillWal() throws SQLException {
        execute(
                "postgres",
                "SELECT count(pg_logical_emit_message(false, 'bench', repeat('x', 1000000))) FROM generate_series(1, "
                        + WAL_MB + ")",
                "CHECKPOINT",
                "CHECKPOINT");
    }

    /** Makes what {@link #copy} copies. */
    void template(String name, String... statements) throws SQLException {
        execute("postgres", "DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name);
        execute(name, statements);
    }

    /** A database of its own for one run, in the server's memory as far as it fits, and with nothing left to write. */
    String copy(String template) throws SQLException {
        String name = "run" + ++copies;
        execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + template + " STRATEGY file_copy", "CHECKPOINT");
        return name;
    }

    void drop(String name) throws SQLException {
        execute("postgres", "DROP DATABASE " + name + " WITH (FORCE)", "CHECKPOINT");
    }

    Connection connect(String name) {
        return database(name).connect("bench");
    }

    /** For JDBC. */
    String url(String name) {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + name;
    }

    /** For programs that use libpq or know its addresses. */
    String uri(String name) {
        return "postgres://postgres@127.0.0.1:" + postgres.getPort() + "/" + name + "?sslmode=disable";
    }

    Database database(String name) {
        DatabaseConfig config =
                new DatabaseConfig(url(name), Duration.ofMillis(200), Duration.ofMinutes(2), "{application}-{colour}");
        return Database.from(config, "bench", Map.of("PITSTOP_DB_USER", "postgres"));
    }

    void execute(String name, String... statements) throws SQLException {
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    long number(String name, String sql) throws SQLException {
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    String version() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version")) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
