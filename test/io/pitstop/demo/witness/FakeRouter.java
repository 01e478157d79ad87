package io.pitstop.demo.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pitstop.demo.blog.BlogApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** Passes requests on to one or two blogs in turn; loses some answers or makes all of them wait when told to. */
final class FakeRouter implements AutoCloseable {
    private static final int THREADS = 32;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Semaphore passage = new Semaphore(THREADS);
    private volatile List<BlogApp> targets;
    private volatile long dropEvery = Long.MAX_VALUE;

    FakeRouter(BlogApp... targets) {
        this.targets = List.of(targets);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::forward);
        server.setExecutor(threads);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void to(BlogApp... apps) {
        targets = List.of(apps);
    }

    /** Loses the answer of every n-th request, after it was passed on. */
    void dropEvery(long n) {
        dropEvery = n;
    }

    long dropped() {
        return dropped.get();
    }

    void hold() {
        passage.acquireUninterruptibly(THREADS);
    }

    void release() {
        passage.release(THREADS);
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            long n = count.incrementAndGet();
            List<BlogApp> now = targets;
            BlogApp target = now.get((int) (n % now.size()));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + target.port() + exchange.getRequestURI()))
                    .method(
                            exchange.getRequestMethod(),
                            BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
                    .build();
            passage.acquire();
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            passage.release();
            if (n % dropEvery == 0) {
                dropped.incrementAndGet();
            } else {
                response.headers().firstValue("X-Colour").ifPresent(colour -> exchange.getResponseHeaders()
                        .add("X-Colour", colour));
                exchange.sendResponseHeaders(response.statusCode(), response.body().length);
                exchange.getResponseBody().write(response.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
