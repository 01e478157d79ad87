package io.pitstop.environment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** A colour that answers over HTTP whatever a test wants, as slowly as it wants. */
public final class FakeColour implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile IntUnaryOperator status = request -> 200;
    private volatile Supplier<Duration> slowness = () -> Duration.ZERO;
    private volatile String body = "{}";

    private FakeColour(HttpServer server) {
        this.server = server;
    }

    public static FakeColour start() {
        try {
            // A short backlog would make connections fail that a real server takes.
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
            FakeColour colour = new FakeColour(server);
            server.setExecutor(colour.threads);
            server.createContext("/", colour::answer);
            server.start();
            return colour;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param byNumber the status of the first, second … request */
    public FakeColour status(IntUnaryOperator byNumber) {
        status = byNumber;
        return this;
    }

    public FakeColour body(String text) {
        body = text;
        return this;
    }

    /** @param perRequest how long the next answer takes */
    public FakeColour slow(Supplier<Duration> perRequest) {
        slowness = perRequest;
        return this;
    }

    /** Answers nobody for the first {@code stall} of every {@code period}; who came then waits for its end. */
    public FakeColour stalls(Duration stall, Duration period) {
        long begun = System.nanoTime();
        return slow(() -> {
            long into = (System.nanoTime() - begun) % period.toNanos();
            return Duration.ofNanos(Math.max(0, stall.toNanos() - into));
        });
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        int number = requests.incrementAndGet();
        LockSupport.parkNanos(slowness.get().toNanos());
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        int code = status.applyAsInt(number);
        if (code / 100 == 3) {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
        }
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
