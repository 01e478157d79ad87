package io.pitstop.traffic.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An admin endpoint of which a test decides call by call what it does; calls beyond the script repeat its last line. */
final class FaultyAdmin implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpServer server;
    private final Queue<Reaction> script = new ConcurrentLinkedQueue<>();
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();

    FaultyAdmin() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::react);
        server.setExecutor(
                Executors.newCachedThreadPool(FaultyAdmin::daemon)); // one call may hang while the next comes
        server.start();
    }

    /** What happens to one call. */
    interface Reaction {
        void to(HttpExchange call) throws IOException;
    }

    static Reaction answer(int status, String body) {
        return call -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(status, bytes.length);
            call.getResponseBody().write(bytes);
        };
    }

    /** There are too many calls; the next may come in {@code seconds}. */
    static Reaction throttle(int seconds) {
        return call -> {
            call.getResponseHeaders().set("Retry-After", Integer.toString(seconds));
            call.sendResponseHeaders(429, -1);
        };
    }

    /** The answer breaks off after its head, and the connection stays. */
    static Reaction fallSilentAfterTheHead(CountDownLatch end) {
        return call -> {
            call.sendResponseHeaders(200, 100);
            call.getResponseBody().flush();
            try {
                end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** The call was read, the connection ends without an answer. */
    static Reaction loseAnswer() {
        return HttpExchange::close;
    }

    /** The call gets the answer of {@code proxy}. */
    static Reaction forward(URI proxy) {
        return call -> {
            BodyPublisher body =
                    BodyPublishers.ofByteArray(call.getRequestBody().readAllBytes());
            HttpRequest request = HttpRequest.newBuilder(proxy.resolve(call.getRequestURI()))
                    .timeout(PATIENCE)
                    .header("Authorization", call.getRequestHeaders().getFirst("Authorization"))
                    .method(call.getRequestMethod(), body)
                    .build();
            try {
                HttpResponse<String> told = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
                answer(told.statusCode(), told.body()).to(call);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** Before anything else the caller is interrupted, and gets the time to notice. */
    static Reaction interrupt(Thread caller, Reaction then) {
        return call -> {
            caller.interrupt();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (caller.isInterrupted() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            then.to(call);
        };
    }

    FaultyAdmin then(Reaction reaction) {
        script.add(reaction);
        return this;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Method, path and body of each call. */
    Queue<String> calls() {
        return calls;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "faulty admin");
        thread.setDaemon(true);
        return thread;
    }

    private void react(HttpExchange call) throws IOException {
        byte[] bytes = call.getRequestBody().readAllBytes();
        call.setStreams(new ByteArrayInputStream(bytes), null);
        String body = new String(bytes, StandardCharsets.UTF_8);
        calls.add((call.getRequestMethod() + " " + call.getRequestURI() + " " + body).strip());
        Reaction reaction = script.size() > 1 ? script.remove() : script.element();
        try (call) {
            reaction.to(call);
        }
    }
}
