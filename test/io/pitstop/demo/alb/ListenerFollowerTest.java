package io.pitstop.demo.alb;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.pitstop.aws.FakeElb;
import io.pitstop.aws.Fault;
import io.pitstop.proxy.ProxyConfig;
import io.pitstop.proxy.ProxyServer;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;

/** A listener whose API gives blue all requests; the proxy carries them. Blue runs, green is not there yet. */
class ListenerFollowerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final URI NOBODY = URI.create("http://127.0.0.1:1/");

    @TempDir
    private Path folder;

    private final FakeElb elb = new FakeElb();
    private final HttpClient users = HttpClient.newHttpClient();
    private HttpServer blue;
    private HttpServer green;
    private ProxyServer proxy;
    private ListenerFollower follower;

    @BeforeEach
    void start() throws IOException {
        blue = app("blue");
        green = app("green");
        elb.register(Colour.BLUE, "127.0.0.1", blue.getAddress().getPort());
        elb.find(Colour.BLUE, "healthy", null);
        // The first target, which it was made with, has no address.
        elb.client().deregisterTargets(order -> order.targetGroupArn(elb.group(Colour.BLUE))
                .targets(List.of(
                        TargetDescription.builder().id("blue-1").port(8080).build())));
        elb.client().deregisterTargets(order -> order.targetGroupArn(elb.group(Colour.GREEN))
                .targets(List.of(
                        TargetDescription.builder().id("green-1").port(8080).build())));
        InetSocketAddress free = new InetSocketAddress("127.0.0.1", 0);
        proxy = ProxyServer.start(
                new ProxyConfig(free, free, NOBODY, NOBODY, folder, Colour.BLUE, ProxyConfig.Limits.byDefault()));
        Map<Colour, String> groups = Map.of(Colour.BLUE, elb.group(Colour.BLUE), Colour.GREEN, elb.group(Colour.GREEN));
        follower = ListenerFollower.start(elb.client(), elb.listener(), groups, proxy);
    }

    @AfterEach
    void stop() {
        follower.close();
        proxy.close();
        elb.close();
        blue.stop(0);
        green.stop(0);
    }

    @Test
    void requests_go_to_the_registered_target_and_follow_the_weights() {
        awaitAnswer("blue");

        elb.register(Colour.GREEN, "127.0.0.1", green.getAddress().getPort());
        elb.find(Colour.GREEN, "healthy", null);
        elb.weigh(0, 100);

        awaitAnswer("green");
    }

    @Test
    void requests_go_on_while_the_api_does_not_answer() {
        awaitAnswer("blue");

        elb.chance(action -> Fault.refused(503, "ServiceUnavailable", "none"));

        for (int request = 0; request < 20; request++) {
            assertThat(answer()).isEqualTo("blue");
        }
    }

    private void awaitAnswer(String name) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!answer().equals(name)) {
            assertThat(System.nanoTime()).as("no answer of " + name).isLessThan(end);
        }
    }

    private String answer() {
        try {
            URI address = URI.create("http://127.0.0.1:" + proxy.address().getPort() + "/");
            return users.send(HttpRequest.newBuilder(address).timeout(PATIENCE).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "no answer";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer app(String name) throws IOException {
        HttpServer app = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        app.createContext("/", exchange -> {
            byte[] answer = name.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        app.start();
        return app;
    }
}
