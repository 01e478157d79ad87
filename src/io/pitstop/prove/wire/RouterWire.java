package io.pitstop.prove.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A port on 127.0.0.1 behind which is the admin endpoint of the router, for the agent alone. */
public final class RouterWire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpServer entrance;
    private final ExecutorService workers = Executors.newCachedThreadPool(RouterWire::daemon);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI router;
    private final Toll toll;
    private volatile byte[] told = {};
    private volatile byte[] before = {};

    private RouterWire(HttpServer entrance, URI router, Toll toll) {
        this.entrance = entrance;
        this.router = router;
        this.toll = toll;
    }

    /** @param router such as {@code http://127.0.0.1:9901} */
    public static RouterWire open(URI router, Toll toll) {
        try {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            RouterWire wire = new RouterWire(HttpServer.create(any, 50), router, toll);
            wire.entrance.createContext("/", wire::pass);
            wire.entrance.setExecutor(wire.workers);
            wire.entrance.start();
            return wire;
        } catch (IOException e) {
            throw new DependencyFailed("No free port on 127.0.0.1: " + e.getMessage(), "Close some programs.", e);
        }
    }

    public int port() {
        return entrance.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
        String action = "router " + exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getPath();
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (toll.pass(action, Side.BEFORE, OptionalInt.empty())) {
                case CUT -> exchange.close();
                case REFUSE -> refuse(exchange);
                case THROTTLE -> throttle(exchange);
                case STALE -> answer(exchange, 200, before);
                case GO -> {
                    HttpResponse<byte[]> answer = ask(exchange, body);
                    remember(action, answer);
                    if (toll.pass(action, Side.AFTER, OptionalInt.empty()) == Passage.GO) {
                        answer(exchange, answer.statusCode(), answer.body());
                    }
                }
            }
        }
    }

    /** Whoever orders a split has asked for the one that holds. */
    private void remember(String action, HttpResponse<byte[]> answer) {
        if (action.equals("router PUT /split")) {
            before = told;
        } else if (action.equals("router GET /split") && answer.statusCode() == 200) {
            told = answer.body();
        }
    }

    private static void throttle(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "1");
        answer(exchange, 429, "{\"error\":\"throttled\",\"reason\":\"too many requests\"}".getBytes());
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        answer(exchange, 503, "{\"error\":\"unavailable\",\"reason\":\"out of order\"}".getBytes());
    }

    private HttpResponse<byte[]> ask(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        router.resolve(exchange.getRequestURI().getPath()))
                .timeout(PATIENCE)
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        if (token != null) {
            request.header("Authorization", token);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("the router was asked");
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        entrance.stop(0);
        workers.shutdownNow();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "router wire");
        thread.setDaemon(true);
        return thread;
    }
}
