package io.pitstop.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** A real proxy in front of two small applications, on free ports. */
public final class TestProxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InetSocketAddress FREE = new InetSocketAddress("127.0.0.1", 0);

    final FakeApp blue = new FakeApp("blue");
    final FakeApp green = new FakeApp("green");
    private final Path stateDir;
    private final HttpClient http = HttpClient.newHttpClient();
    private ProxyServer server;
    private InetSocketAddress listen = FREE;
    private Duration requestLimit = Duration.ofSeconds(20);

    /** Does not return before both colours are healthy. */
    public TestProxy(Path stateDir) {
        this.stateDir = stateDir;
        start();
    }

    /** The status and the JSON of an answer of the admin endpoint. */
    record Told(int status, JsonNode json) {}

    void start() {
        server = ProxyServer.start(config());
        await(() -> isHealthy(Colour.BLUE) && isHealthy(Colour.GREEN));
    }

    void stop() {
        server.close();
    }

    void restart() {
        listen = address();
        stop();
        start();
    }

    void limitRequestsTo(Duration limit) {
        requestLimit = limit;
        restart();
    }

    public URI admin() {
        return URI.create("http://127.0.0.1:" + server.adminAddress().getPort());
    }

    public Path tokenFile() {
        return stateDir.resolve("token");
    }

    /** Lets a colour's health check fail, and waits until the proxy noticed. */
    public void sicken(Colour colour) {
        app(colour).sick = true;
        await(() -> !isHealthy(colour));
    }

    /** Sends {@code count} requests through the proxy, each on the same connection. */
    public void request(int count) {
        try (KeepAliveClient client = connect()) {
            for (int i = 0; i < count; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void show(Picture picture) {
        server.show(picture);
    }

    InetSocketAddress address() {
        return server.address();
    }

    KeepAliveClient connect() throws IOException {
        return new KeepAliveClient(address());
    }

    FakeApp app(Colour colour) {
        return colour == Colour.BLUE ? blue : green;
    }

    Told split(int blue) {
        return put("{\"blue\":" + blue + ",\"green\":" + (100 - blue) + "}");
    }

    Told put(String body) {
        return tell(HttpRequest.newBuilder(admin().resolve("/split"))
                .header("Authorization", "Bearer " + token())
                .PUT(BodyPublishers.ofString(body)));
    }

    Told get(String path) {
        return tell(HttpRequest.newBuilder(admin().resolve(path)).header("Authorization", "Bearer " + token()));
    }

    Told tell(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
            return new Told(response.statusCode(), new ObjectMapper().readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String token() {
        try {
            return Files.readString(tokenFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isHealthy(Colour colour) {
        return get("/colours/" + colour).json().get("healthy").booleanValue();
    }

    /** A count of a colour, once nothing is in flight there. */
    long count(Colour colour, String name) {
        await(() -> get("/colours/" + colour).json().get("inFlight").longValue() == 0);
        return get("/colours/" + colour).json().get(name).longValue();
    }

    static void await(Callable<Boolean> condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!condition.call()) {
                assertThat(System.nanoTime()).as("out of patience").isLessThan(end);
                Thread.sleep(5);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        blue.close();
        green.close();
        server.close();
    }

    private ProxyConfig config() {
        return new ProxyConfig(
                listen,
                FREE,
                blue.health(),
                green.health(),
                stateDir,
                Colour.BLUE,
                new ProxyConfig.Limits(
                        Duration.ofMillis(25), Duration.ofSeconds(2), requestLimit, Duration.ofSeconds(10)));
    }
}
