package io.pitstop.gate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;

/** Prometheus itself, which reads an exporter of the test four times a second. */
final class RealPrometheus implements AutoCloseable {
    final AtomicLong requests = new AtomicLong();
    final AtomicLong errors = new AtomicLong();

    private final HttpServer exporter;
    private final Process process;
    private final URI address;

    private RealPrometheus(Path folder, String executable) throws IOException {
        exporter = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        exporter.createContext("/metrics", this::metrics);
        exporter.start();
        String config =
                """
                global: { scrape_interval: 250ms, scrape_timeout: 250ms }
                scrape_configs:
                  - job_name: blog
                    static_configs:
                      - { targets: ["127.0.0.1:%d"], labels: { colour: green } }
                """
                        .formatted(exporter.getAddress().getPort());
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        address = URI.create("http://127.0.0.1:" + port);
        process = new ProcessBuilder(
                        executable,
                        "--config.file=" + Files.writeString(folder.resolve("prometheus.yml"), config),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    static RealPrometheus start(Path folder) {
        String executable = find();
        Assumptions.assumeTrue(executable != null, "prometheus is not installed: apt-get install prometheus");
        try {
            return new RealPrometheus(folder, executable);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String find() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path file = Path.of(folder, "prometheus");
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }

    URI address() {
        return address;
    }

    private void metrics(HttpExchange exchange) throws IOException {
        byte[] body = ("http_requests_total " + requests.get() + "\nhttp_errors_total " + errors.get() + "\n")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        exporter.stop(0);
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
