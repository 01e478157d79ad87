package io.pitstop.traffic.haproxy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A real HAProxy in front of two servers, each of which answers with its colour. All traffic goes to blue. */
final class TestHaproxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Colour, Application> applications = new EnumMap<>(Colour.class);
    private final Path folder;
    private final String backend;
    private int port;
    private int operatorPort;
    private Process process;

    /** @param backend lines for the backend, beyond its servers */
    TestHaproxy(Path folder, String backend) {
        assumeTrue(isThere(), "haproxy is not installed");
        this.folder = folder;
        this.backend = backend;
        try {
            for (Colour colour : Colour.values()) {
                applications.put(colour, new Application(colour, threads));
            }
            start();
            for (int others = 0; others < 5 && lostItsPort(); others++) {
                start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean up = false;
        try {
            awaitStatus(Colour.BLUE, checks() ? "UP" : "no check");
            awaitStatus(Colour.GREEN, checks() ? "UP" : "no check");
            up = true;
        } finally {
            if (!up) {
                close();
            }
        }
    }

    private void start() throws IOException {
        port = freePort();
        operatorPort = freePort();
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), configuration());
        process = new ProcessBuilder("haproxy", "-W", "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile())
                .start();
    }

    /** A port that was free may be taken by another program before HAProxy has it. */
    private boolean lostItsPort() {
        await(() -> !process.isAlive() || log().contains("Loading success"));
        return !process.isAlive() && log().contains("cannot bind socket");
    }

    private static boolean isThere() {
        try {
            Process version = new ProcessBuilder("haproxy", "-v")
                    .redirectErrorStream(true)
                    .start();
            version.getInputStream().readAllBytes();
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of level admin. */
    Path socket() {
        return folder.resolve("haproxy.sock");
    }

    /** Where the level is operator: it tells, and takes no orders. */
    String operator() {
        return "127.0.0.1:" + operatorPort;
    }

    Path stateFile() {
        return folder.resolve("haproxy.state");
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    Application application(Colour colour) {
        return applications.get(colour);
    }

    String tell(String commands) {
        try {
            return new HaproxyRuntime(socket().toString(), PATIENCE).tell(commands);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitStatus(Colour colour, String status) {
        await(() -> {
            try {
                return HaproxyBackend.parsed(tell("show stat blog 6 -1"))
                        .flatMap(backend -> backend.server(colour.toString()))
                        .filter(server -> server.status().startsWith(status)
                                && !server.lastCheck().startsWith("*"))
                        .isPresent();
            } catch (UncheckedIOException notYet) {
                return false;
            }
        });
    }

    /** Returns once a new process has taken over. */
    void reload() throws IOException {
        await(() -> log().contains("Loading success")); // before that the master does not hear signals
        String before = pid();
        new ProcessBuilder("kill", "-USR2", Long.toString(process.pid())).start();
        await(() -> {
            try {
                return !pid().equals(before);
            } catch (UncheckedIOException between) {
                return false;
            }
        });
    }

    String log() {
        try {
            return Files.readString(folder.resolve("haproxy.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String pid() {
        return tell("show info")
                .lines()
                .filter(line -> line.startsWith("Pid:"))
                .findFirst()
                .orElse("");
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            process.destroy(); // the master ends its workers
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        applications.values().forEach(Application::close);
        threads.shutdownNow();
    }

    private String configuration() {
        return """
                global
                  stats socket %s level admin expose-fd listeners
                  stats socket ipv4@%s level operator
                  server-state-file %s
                  hard-stop-after 2s
                defaults
                  mode http
                  timeout connect 2s
                  timeout client 20s
                  timeout server 20s
                  load-server-state-from-file global
                frontend users
                  bind 127.0.0.1:%d
                  default_backend blog
                backend blog
                  option httpchk GET /health
                  default-server inter 100ms rise 1 fall 2
                  timeout check 10s
                  %s
                  server blue 127.0.0.1:%d weight 100 %s
                  server green 127.0.0.1:%d weight 0 %s
                  server other 127.0.0.1:%d weight 0
                  server sorry 127.0.0.1:%d backup
                """
                .formatted(
                        socket(),
                        operator(),
                        stateFile(),
                        port,
                        backend,
                        application(Colour.BLUE).port(),
                        extras("b"),
                        application(Colour.GREEN).port(),
                        extras("g"),
                        application(Colour.BLUE).port(),
                        freePort());
    }

    private boolean checks() {
        return !backend.startsWith("# unchecked");
    }

    private String extras(String cookie) {
        return (checks() ? "check " : "") + (backend.startsWith("cookie") ? "cookie " + cookie : "");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with its colour; with 500 at {@code /broken}, and at {@code /slow} only once it is told to. */
    static final class Application implements AutoCloseable {
        private final CountDownLatch slow = new CountDownLatch(1);
        private final HttpServer server;
        private volatile boolean healthy = true;

        Application(Colour colour, ExecutorService threads) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", call -> answer(call, 200, colour.toString()));
            server.createContext("/health", call -> answer(call, healthy ? 200 : 503, ""));
            server.createContext("/broken", call -> answer(call, 500, ""));
            server.createContext("/slow", call -> {
                try {
                    slow.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                answer(call, 200, colour.toString());
            });
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        void sicken() {
            healthy = false;
        }

        void answerSlow() {
            slow.countDown();
        }

        @Override
        public void close() {
            server.stop(0);
        }

        private static void answer(HttpExchange call, int status, String body) throws IOException {
            try (call) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                call.getResponseBody().write(bytes);
            }
        }
    }
}
