package io.pitstop.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves a folder as Jenkins serves a published page: under its default content security policy. */
final class JenkinsServer implements AutoCloseable {
    private static final String POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";

    private final HttpServer server;

    private JenkinsServer(HttpServer server) {
        this.server = server;
    }

    static JenkinsServer over(Path folder) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> serve(folder, exchange));
        server.start();
        return new JenkinsServer(server);
    }

    URI page(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path);
    }

    private static void serve(Path folder, HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Content-Type", type(file.toString()));
            if (file.endsWith("favicon.ico")) {
                exchange.sendResponseHeaders(204, -1); // browsers ask for it by themselves
                return;
            }
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] bytes = Files.readAllBytes(file);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String type(String file) {
        return file.endsWith(".svg")
                ? "image/svg+xml"
                : file.endsWith(".css") ? "text/css" : "text/html; charset=utf-8";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
