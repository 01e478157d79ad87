package io.pitstop.demo;

import io.pitstop.error.DependencyFailed;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/** A PostgreSQL as strict as one in production: durable commits, 100 connections, a role that needs its password. */
final class EmbeddedServer implements AutoCloseable {
    private static final String NAME = "blog";
    private static final String SCRATCH = "scratch";
    private static final String WRONG_PASSWORD = "28P01";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final String HINT = "Read the message, or give the demo a database of yours with --db-url.";

    /** Ours, because the library's own runs a shell script from the system's temporary folder to tell Linux from Linux. */
    private static final PgBinaryResolver BINARIES =
            (system, machine) -> EmbeddedServer.class.getResourceAsStream("/postgres-" + system.toLowerCase(Locale.ROOT)
                    + "-" + (machine.matches("aarch64|arm.*") ? "arm_64" : "x86_64") + ".txz");

    private final EmbeddedPostgres server;
    private final Path data;
    private final Path programs;
    private final String password = secret();
    private final String ownerPassword = secret();
    private final String scratchPassword = secret();

    private EmbeddedServer(EmbeddedPostgres server, Path data, Path programs) {
        this.server = server;
        this.data = data;
        this.programs = programs;
    }

    /**
     * Starts a new, empty database, which runs until it is closed, even beyond the end of this process. What an
     * earlier run left in the folder, even running, is removed.
     *
     * @param data folder of this one database, removed when it closes
     * @param programs folder for PostgreSQL's programs, unpacked at the first start and kept
     * @throws DependencyFailed if PostgreSQL cannot run on this machine
     */
    static EmbeddedServer start(Path data, Path programs) {
        RootWithoutNamespaces.refuse();
        // Where the library would otherwise make a folder in the system's temporary folder.
        System.setProperty("ot.epg.working-dir", programs.toAbsolutePath().toString());
        EmbeddedServer database = null;
        try {
            Leftovers.remove(data);
            Files.createDirectories(data.toAbsolutePath().getParent());
            database = new EmbeddedServer(settings(data, programs).start(), data, programs);
            database.demandPasswords();
            return database;
        } catch (IOException | IllegalStateException | SQLException e) {
            if (database != null) {
                database.close();
            }
            throw new DependencyFailed("The demo's PostgreSQL does not start: " + e.getMessage(), HINT, e);
        }
    }

    String url() {
        return url(NAME);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
    }

    /**
     * Makes one more database that holds the same as the first, to which nobody may be connected.
     *
     * @return its URL
     */
    String copy(String name) throws SQLException {
        owner("CREATE DATABASE " + name + " OWNER " + NAME + " TEMPLATE " + NAME);
        return url(name);
    }

    /**
     * Drops what {@link #copy} made, with all sessions. The server forgets its statements, too: it keeps a few thousand, and one
     * that has forgotten some of those of a later release would be no evidence for it.
     */
    void drop(String name) throws SQLException {
        try (Connection owner = connect("postgres", ownerPassword, NAME);
                Statement statement = owner.createStatement()) {
            statement.execute(
                    "SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = '" + name + "'");
        }
        owner("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    /** Stops it as a crash would, without a word to its clients, and starts it again. */
    void crash() throws IOException {
        control(data, "-m", "immediate", "restart");
    }

    /** Has pg_ctl do something to the server of a data folder, and waits until it is done. */
    void control(Path folder, String... arguments) throws IOException {
        // Its programs refuse to run as root, as the server does.
        String namespace = RootWithoutNamespaces.isRoot() ? "unshare -U " : "";
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", namespace + "\"$@\" >/dev/null 2>&1", "sh"));
        command.addAll(List.of(program("pg_ctl"), "-D", folder.toAbsolutePath().toString(), "-w", "-t", "30"));
        command.addAll(List.of(arguments));
        Process control = new ProcessBuilder(command).start();
        try {
            if (!control.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || control.exitValue() != 0) {
                throw new IOException("pg_ctl " + String.join(" ", arguments) + " did not succeed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the server obeys", e);
        }
    }

    Path data() {
        return data;
    }

    /** How a replica of it reaches it, as the owner. */
    String replicaAccess() {
        return "host=127.0.0.1 port=" + server.getPort() + " user=postgres password=" + ownerPassword;
    }

    /** A session that may do everything. */
    Connection owner() throws SQLException {
        return connect("postgres", ownerPassword, "postgres");
    }

    private String program(String name) throws IOException {
        try (Stream<Path> files = Files.walk(programs, 4)) {
            return files.filter(file -> file.endsWith("bin/" + name))
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .orElseThrow(() -> new IOException("there is no " + name + " in " + programs))
                    .toAbsolutePath()
                    .toString();
        }
    }

    private void owner(String sql) throws SQLException {
        try (Connection owner = owner();
                Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    String user() {
        return NAME;
    }

    String password() {
        return password;
    }

    /** What the agent needs in its environment to try scripts beside the blog's database, in one that nobody needs. */
    Map<String, String> scratch() {
        return Map.of(
                "PITSTOP_SCRATCH_URL", "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + SCRATCH,
                "PITSTOP_SCRATCH_USER", SCRATCH,
                "PITSTOP_SCRATCH_PASSWORD", scratchPassword);
    }

    /** Stops the server and removes its data; a second call does nothing. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new DependencyFailed("The demo's PostgreSQL does not stop: " + e.getMessage(), HINT, e);
        }
    }

    private static EmbeddedPostgres.Builder settings(Path data, Path programs) {
        return EmbeddedPostgres.builder()
                .setPgBinaryResolver(BINARIES)
                .setOverrideWorkingDirectory(programs.toAbsolutePath().toFile())
                .setDataDirectory(data.toAbsolutePath())
                .setPGStartupWait(PATIENCE)
                // Who started it decides when it stops: after its clients, or not at all if it is to be played with.
                .setRegisterShutdownHook(false)
                .setServerConfig("max_connections", "100")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .setServerConfig("unix_socket_directories", "");
    }

    /** The server starts open to all on this machine: makes the role and the database, then shuts that door. */
    private void demandPasswords() throws SQLException, IOException {
        try (Connection owner = connect("postgres", "", "postgres");
                Statement statement = owner.createStatement()) {
            PGConnection passwords = owner.unwrap(PGConnection.class);
            statement.execute("CREATE ROLE blog LOGIN IN ROLE pg_read_all_stats");
            statement.execute("CREATE ROLE scratch LOGIN CREATEDB");
            // Hashed on this side, so that no password stands in a statement that a log could show.
            passwords.alterUserPassword(NAME, password.toCharArray(), "scram-sha-256");
            passwords.alterUserPassword("postgres", ownerPassword.toCharArray(), "scram-sha-256");
            passwords.alterUserPassword(SCRATCH, scratchPassword.toCharArray(), "scram-sha-256");
            statement.execute("CREATE DATABASE blog OWNER blog");
            statement.execute("CREATE DATABASE scratch OWNER scratch");
            Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("SELECT pg_reload_conf()");
        }
        awaitPasswords();
        try (Connection owner = connect("postgres", ownerPassword, NAME);
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE EXTENSION pg_stat_statements");
        }
    }

    /** A reload is only asked for; it has happened when a wrong password is refused. */
    private void awaitPasswords() throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                connect(NAME, "wrong", NAME).close();
            } catch (SQLException e) {
                if (WRONG_PASSWORD.equals(e.getSQLState())) {
                    return;
                }
                throw e;
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        throw new SQLException("It lets everybody in: pg_hba.conf was not read again.");
    }

    private Connection connect(String user, String secret, String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", secret);
        properties.setProperty("ApplicationName", "pitstop:demo:setup");
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database, properties);
    }

    private static String secret() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
