package io.pitstop.gate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Answers queries whatever a test wants, as Prometheus would and as it would not. */
final class FakePrometheus implements AutoCloseable {
    final List<String> queries = new CopyOnWriteArrayList<>();
    volatile String authorization;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> byQuery = new ConcurrentHashMap<>();
    private volatile int status = 200;
    private volatile String body = "";
    private volatile Duration slowness = Duration.ZERO;

    private FakePrometheus(HttpServer server) {
        this.server = server;
    }

    static FakePrometheus start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
            FakePrometheus prometheus = new FakePrometheus(server);
            server.setExecutor(prometheus.threads);
            server.createContext("/api/v1/query", prometheus::answer);
            server.start();
            return prometheus;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Every query has these values, one a series; {@code histogram} is one that has no value. */
    void series(String... values) {
        answer(200, vector(values));
    }

    /** One query has another value than all others. */
    void seriesOf(String query, String value) {
        byQuery.put(query, vector(value));
    }

    void answer(int status, String body) {
        this.status = status;
        this.body = body;
    }

    void slow(Duration time) {
        slowness = time;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static String vector(String... values) {
        String series = Arrays.stream(values)
                .map(value -> value.equals("histogram")
                        ? "{\"metric\":{},\"histogram\":[1.5,{\"count\":\"3\"}]}"
                        : "{\"metric\":{},\"value\":[1.5,\"" + value + "\"]}")
                .collect(Collectors.joining(","));
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + series + "]}}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = URLDecoder.decode(form.replaceFirst("^query=", ""), StandardCharsets.UTF_8);
        queries.add(query);
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        LockSupport.parkNanos(slowness.toNanos());
        byte[] bytes = byQuery.getOrDefault(query, body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
