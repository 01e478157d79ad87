package io.pitstop.traffic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An admin endpoint of which a test decides call by call what it does; calls beyond the script repeat its last line. */
final class FaultyAdmin implements AutoCloseable {
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

    /** The call was read, the connection ends without an answer. */
    static Reaction loseAnswer() {
        return HttpExchange::close;
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

    private void react(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add((call.getRequestMethod() + " " + call.getRequestURI() + " " + body).strip());
        Reaction reaction = script.size() > 1 ? script.remove() : script.element();
        try (call) {
            reaction.to(call);
        }
    }
}
