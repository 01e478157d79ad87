package io.pitstop.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Where somebody reads: takes messages at a path that nobody should see, and answers what a test wants. */
public final class Channel implements AutoCloseable {
    /** The part of the address that must show nowhere. */
    public static final String SECRET = "T0-B0-geheim";

    public final List<Taken> taken = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private boolean silent;
    private boolean endless;

    /** @param authorization the header, or {@code null} as text */
    public record Taken(String method, String target, String type, String authorization, JsonNode body) {}

    private record Answer(int status, String body, String retryAfter) {}

    public Channel() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/services/" + SECRET;
    }

    /** One answer; those that come after the last are 200. */
    synchronized Channel answers(int status, String body, String retryAfter) {
        answers.add(new Answer(status, body, retryAfter));
        return this;
    }

    Channel answers(int status) {
        return answers(status, "", "");
    }

    /** From now on it takes everything and answers nothing. */
    public Channel neverAnswers() {
        silent = true;
        return this;
    }

    /** From now on an answer begins, and does not end. */
    Channel neverEndsAnAnswer() {
        endless = true;
        return this;
    }

    /** What the messages were about, in their order; for plain ones. */
    public List<String> occasions() {
        return taken.stream().map(one -> one.body().path("what").asText()).toList();
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        taken.add(new Taken(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Content-Type"),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                new ObjectMapper().readTree(body)));
        try (exchange) {
            if (silent) {
                hold();
                return;
            }
            answer(exchange, next());
        }
    }

    private void answer(HttpExchange exchange, Answer answer) throws IOException {
        if (!answer.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
        }
        byte[] text = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), endless ? 1_000 : text.length == 0 ? -1 : text.length);
        if (endless) {
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            hold();
        } else {
            exchange.getResponseBody().write(text);
        }
    }

    private synchronized Answer next() {
        return answers.isEmpty() ? new Answer(200, "ok", "") : answers.remove();
    }

    private void hold() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
