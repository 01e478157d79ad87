package io.pitstop.database;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real PgBouncer before a database of the tests. */
final class TestPgBouncer implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(10);

    private final Process process;
    private final int port;
    private final String database;

    private TestPgBouncer(Process process, int port, String database) {
        this.process = process;
        this.port = port;
        this.database = database;
    }

    /** Starts one, or skips the test where there is none. */
    static TestPgBouncer start(Path folder, TestDatabase server, String mode) {
        Optional<Path> program = program();
        assumeTrue(program.isPresent(), "pgbouncer is not installed");
        String address = server.url().substring(server.url().lastIndexOf(':') + 1);
        String database = address.substring(address.indexOf('/') + 1);
        try {
            int port = freePort();
            Path settings = folder.resolve("pgbouncer.ini");
            Files.writeString(
                    settings,
                    """
                    [databases]
                    %s = host=127.0.0.1 port=%s user=postgres password=postgres
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = any
                    pool_mode = %s
                    ignore_startup_parameters = extra_float_digits
                    %s
                    """
                            .formatted(
                                    database,
                                    address.substring(0, address.indexOf('/')),
                                    port,
                                    mode,
                                    // As root it must be told as whom to go on.
                                    "root".equals(System.getProperty("user.name")) ? "user = nobody" : ""));
            Process process = new ProcessBuilder(program.get().toString(), settings.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("pgbouncer.log").toFile())
                    .start();
            TestPgBouncer bouncer = new TestPgBouncer(process, port, database);
            bouncer.awaitStart(folder.resolve("pgbouncer.log"));
            return bouncer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a database is reached through it. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitStart(Path log) throws IOException {
        long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (!isListening()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IllegalStateException("PgBouncer does not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
