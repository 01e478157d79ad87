package io.pitstop.jenkins;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An artifact repository that has one file and, by the path it is asked under, good and bad days. */
final class ArtifactServer implements AutoCloseable {
    private static final String CREDENTIALS =
            "Basic " + Base64.getEncoder().encodeToString("ci:s3cret-pass".getBytes());

    private final byte[] file;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CyclicBarrier both = new CyclicBarrier(2);
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private ArtifactServer(byte[] file) throws IOException {
        this.file = file;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static ArtifactServer start(byte[] file) {
        try {
            return new ArtifactServer(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The paths that were asked for, without those that were asked again after a challenge. */
    List<String> requests() {
        return requests;
    }

    /** Reaches 0 when a download of {@code /stuck} has got its first half and waits for the second. */
    CountDownLatch stuck() {
        return stuck;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        try (exchange) {
            switch (path) {
                case "/ok" -> send(exchange, file, file.length);
                case "/half" -> send(exchange, half(), file.length / 2);
                case "/broken-off" -> send(exchange, half(), file.length);
                case "/stuck" -> sendHalfAndWait(exchange);
                case "/together" -> sendTogether(exchange);
                case "/locked" -> sendToWhoMay(exchange);
                case "/redirect" -> {
                    exchange.getResponseHeaders().add("Location", address() + "/ok");
                    exchange.sendResponseHeaders(302, -1);
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private byte[] half() {
        return Arrays.copyOf(file, file.length / 2);
    }

    private static void send(HttpExchange exchange, byte[] content, long announced) throws IOException {
        exchange.sendResponseHeaders(200, announced);
        exchange.getResponseBody().write(content);
        exchange.getResponseBody().flush();
    }

    private void sendHalfAndWait(HttpExchange exchange) throws IOException {
        send(exchange, half(), file.length);
        stuck.countDown();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendTogether(HttpExchange exchange) throws IOException {
        try {
            both.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("the other build did not come", e);
        }
        send(exchange, file, file.length);
    }

    private void sendToWhoMay(HttpExchange exchange) throws IOException {
        if (!CREDENTIALS.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"artifacts\"");
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        send(exchange, file, file.length);
    }
}
