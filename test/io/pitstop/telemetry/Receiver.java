package io.pitstop.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Takes what is sent to it, and answers what a test wants. */
final class Receiver implements AutoCloseable {
    final List<Sent> all = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final int status;

    /** @param key the value of whatever header carries one */
    record Sent(String method, String target, String key, byte[] body) {}

    Receiver(int status) {
        this.status = status;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.start();
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        String key = exchange.getRequestHeaders().getFirst("Authorization");
        if (key == null) {
            key = exchange.getRequestHeaders().getFirst("X-Insert-Key");
        }
        all.add(new Sent(exchange.getRequestMethod(), exchange.getRequestURI().toString(), String.valueOf(key), body));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }
}
