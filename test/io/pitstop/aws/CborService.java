package io.pitstop.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Speaks the protocol that the SDK speaks to CloudWatch, Smithy RPC v2 CBOR, and lets a test say the words. */
public final class CborService implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Words words;

    /** What is answered. */
    @FunctionalInterface
    public interface Words {
        /** @param request plain data; moments are {@link java.time.Instant} */
        Map<String, Object> to(String operation, Map<String, Object> request) throws Refusal, IOException;
    }

    /** An error as AWS gives it. */
    public static final class Refusal extends Exception {
        private final int status;
        private final String code;

        public Refusal(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    private CborService(HttpServer server, Words words) {
        this.server = server;
        this.words = words;
    }

    public static CborService start(Words words) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
            CborService service = new CborService(server, words);
            server.setExecutor(service.threads);
            server.createContext("/", service::answer);
            server.start();
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Map<String, Object> request = Cbor.read(exchange.getRequestBody().readAllBytes());
        int status = 200;
        byte[] body;
        try {
            body = Cbor.write(words.to(path.substring(path.lastIndexOf('/') + 1), request));
        } catch (Refusal refusal) {
            status = refusal.status;
            exchange.getResponseHeaders().add("x-amzn-query-error", refusal.code + ";Sender");
            body = Cbor.write(
                    Map.of("__type", "com.amazonaws.cloudwatch#" + refusal.code, "message", refusal.getMessage()));
        }
        exchange.getResponseHeaders().add("smithy-protocol", "rpc-v2-cbor");
        exchange.getResponseHeaders().add("Content-Type", "application/cbor");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
