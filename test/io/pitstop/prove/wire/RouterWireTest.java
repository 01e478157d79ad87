package io.pitstop.prove.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A router that serves what it was told last, behind the wire. */
class RouterWireTest {
    private final HttpServer router;
    private final RouterWire wire;
    private volatile String split = "old";
    private volatile Passage next = Passage.GO;

    RouterWireTest() throws IOException {
        router = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        router.createContext("/split", call -> {
            byte[] body = call.getRequestBody().readAllBytes();
            split = body.length == 0 ? split : new String(body, StandardCharsets.UTF_8);
            byte[] answer = split.getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(200, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        router.start();
        wire = RouterWire.open(
                URI.create("http://127.0.0.1:" + router.getAddress().getPort()), this::pass);
    }

    @AfterEach
    void close() {
        wire.close();
        router.stop(0);
    }

    @Test
    void an_old_reading_is_the_one_before_the_order_and_the_order_itself_passes() throws Exception {
        assertThat(get().body()).isEqualTo("old");
        assertThat(put("new").body()).isEqualTo("new");

        next = Passage.STALE;
        assertThat(get().body()).isEqualTo("old");
        assertThat(split).isEqualTo("new");

        next = Passage.GO;
        assertThat(get().body()).isEqualTo("new");
    }

    @Test
    void a_throttled_order_does_not_reach_the_router_and_hears_when_to_come_again() throws Exception {
        next = Passage.THROTTLE;

        HttpResponse<String> answer = put("new");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(split).isEqualTo("old");
    }

    private Passage pass(String action, Side side, OptionalInt backend) {
        return side == Side.BEFORE ? next : Passage.GO;
    }

    private HttpResponse<String> get() throws Exception {
        return send(HttpRequest.newBuilder(address()).GET());
    }

    private HttpResponse<String> put(String order) throws Exception {
        return send(HttpRequest.newBuilder(address()).PUT(BodyPublishers.ofString(order)));
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + wire.port() + "/split");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request.version(HttpClient.Version.HTTP_1_1).build(), BodyHandlers.ofString());
    }
}
