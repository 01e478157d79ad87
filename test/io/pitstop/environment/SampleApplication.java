package io.pitstop.environment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An application as small as possible: /health answers the status it was started with, / what it was told. */
final class SampleApplication {
    private SampleApplication() {}

    public static void main(String[] arguments) throws IOException {
        int health = Integer.parseInt(arguments[0]);
        int port = Integer.parseInt(System.getenv("PORT"));
        String told = System.getenv("APPLICATION") + " " + System.getenv("COLOUR") + " " + System.getenv("APP_VERSION")
                + " " + System.getenv("SAMPLE_PASSWORD");
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> answer(exchange, 200, told));
        server.createContext("/health", exchange -> answer(exchange, health, "health"));
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
