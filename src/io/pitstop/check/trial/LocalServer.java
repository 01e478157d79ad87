package io.pitstop.check.trial;

import io.pitstop.database.Access;
import io.pitstop.database.Database;
import io.pitstop.error.DependencyFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A PostgreSQL of the programs on this machine, in a private folder, on the loopback address, behind a password that
 * nobody else knows. It ends with this process, however that ends.
 */
public final class LocalServer implements Scratch {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String USER = "postgres";
    private static final String DATABASE = "trial";

    /** Scripts run as a role that may not reach the files and programs of this machine, whatever is written in them. */
    private static final List<String> SETUP = List.of("CREATE ROLE trial LOGIN", "CREATE DATABASE trial OWNER trial");

    /** Nothing that is kept, nothing that runs beside us. */
    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "shared_buffers=32MB",
            "max_connections=10",
            "autovacuum=off",
            "logging_collector=off");

    /** Its input ends when the process at the other end does; then the server goes too. */
    private static final String UNTIL_END_OF_INPUT = "folder=$1; shift; \"$@\" </dev/null & server=$!; read -r end;"
            + " kill -QUIT $server; wait $server; cd / && rm -rf -- \"$folder\"";

    private final Path folder;
    private final String origin;
    private Process server;
    private Access owner;
    private Access access;

    private LocalServer(Path folder, String origin) {
        this.folder = folder;
        this.origin = origin;
    }

    /** @param environment where the PATH is in */
    public static ScratchSource source(Map<String, String> environment) {
        return (major, reason) -> open(Programs.find(major, environment), major, reason);
    }

    private static Optional<Scratch> open(Optional<Programs> programs, OptionalInt major, Consumer<String> reason) {
        if (programs.isEmpty()) {
            String which = major.isPresent() ? "PostgreSQL " + major.getAsInt() : "PostgreSQL";
            reason.accept("the programs of " + which + " are not on this machine");
            return Optional.empty();
        }
        return start(programs.get(), reason);
    }

    private static Optional<Scratch> start(Programs programs, Consumer<String> reason) {
        Optional<List<String>> user = UnprivilegedUser.prefix();
        if (user.isEmpty()) {
            reason.accept("PostgreSQL does not run as root, and this machine lets us be nobody else");
            return Optional.empty();
        }
        LocalServer started = null;
        try {
            Path folder = Files.createTempDirectory(
                    "pitstop-trial",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            started = new LocalServer(folder, programs.version() + " from " + programs.folder());
            started.start(programs, user.get());
            return Optional.of(started);
        } catch (IOException e) {
            if (started != null) {
                started.close();
            }
            reason.accept("PostgreSQL " + programs.version() + " does not start: " + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public Connection connect() throws SQLException {
        return access.connect("trial");
    }

    @Override
    public void administer(String sql) throws SQLException {
        try (Connection connection = owner.to(DATABASE).connect("trial");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.getOutputStream().close();
                if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    server.destroyForcibly();
                }
            }
            if (Files.exists(folder)) {
                remove(folder);
            }
        } catch (IOException e) {
            throw new DependencyFailed(
                    "The scratch PostgreSQL left something in " + folder + ": " + e.getMessage(), "Remove it.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.destroyForcibly();
        }
    }

    /** All that it keeps. */
    Path folder() {
        return folder;
    }

    private void start(Programs programs, List<String> user) throws IOException {
        Path data = folder.resolve("data");
        Path password = folder.resolve("password");
        String secret = secret();
        Files.writeString(password, secret);
        UnprivilegedUser.give(folder, user);
        UnprivilegedUser.give(password, user);
        List<String> init = new ArrayList<>(user);
        init.addAll(List.of(programs.program("initdb").toString(), "-D", data.toString(), "-U", USER));
        init.addAll(List.of("-A", "scram-sha-256", "--pwfile=" + password, "-E", "UTF8", "--locale=C", "--no-sync"));
        Process process = run(init, "initdb.log");
        if (!ended(process) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("initdb says: " + last("initdb.log"));
        }
        Files.delete(password);
        int port = freePort();
        List<String> start = new ArrayList<>(List.of("sh", "-c", UNTIL_END_OF_INPUT, "sh", folder.toString()));
        start.addAll(user);
        start.addAll(List.of(programs.program("postgres").toString(), "-D", data.toString(), "-p", "" + port));
        SETTINGS.forEach(setting -> start.addAll(List.of("-c", setting)));
        server = run(start, "server.log");
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/";
        owner = new Access(url + USER, USER, secret);
        access = new Access(url + DATABASE, DATABASE, secret);
        try (Connection connection = await()) {
            setUp(connection, secret);
        } catch (SQLException e) {
            throw new IOException(Database.message(e), e);
        }
    }

    /** The first session there is. */
    private Connection await() throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (server.isAlive() && System.nanoTime() < end) {
            try {
                return owner.connect("trial");
            } catch (SQLException e) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        throw new IOException("postgres says: " + last("server.log"));
    }

    private static void setUp(Connection connection, String secret) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : SETUP) {
                statement.execute(sql);
            }
        }
        // Hashed on this side, so that no password stands in a statement.
        Access.setPassword(connection, DATABASE, secret);
    }

    private Process run(List<String> command, String log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        // It writes files for itself alone, and has no use for what we may know.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("PITSTOP_"));
        builder.directory(folder.toFile());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
    }

    private static boolean ended(Process process) throws IOException {
        try {
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private String last(String log) throws IOException {
        List<String> lines = Files.readString(folder.resolve(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String secret() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
