package io.pitstop.environment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An application as small as possible: / answers what it was told, /health 503 while there is a file "sick". */
final class SampleApplication {
    private SampleApplication() {}

    public static void main(String[] arguments) throws IOException {
        Path sick = Path.of(arguments[0], "sick");
        int port = Integer.parseInt(System.getenv("PORT"));
        String told = System.getenv("APPLICATION") + " " + System.getenv("COLOUR") + " " + System.getenv("APP_VERSION")
                + " " + System.getenv("SAMPLE_PASSWORD");
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> answer(exchange, 200, told));
        server.createContext("/health", exchange -> answer(exchange, Files.exists(sick) ? 503 : 200, "health"));
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
