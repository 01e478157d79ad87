package io.pitstop.proxy;

import static io.pitstop.proxy.TestProxy.await;
import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.metrics.Latency;
import io.pitstop.proxy.TestProxy.Told;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both colours are healthy and blue has all traffic. */
class ProxyAdminTest {
    @TempDir
    private Path stateDir;

    private TestProxy proxy;

    @BeforeEach
    void start() {
        proxy = new TestProxy(stateDir);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void the_split_is_on_disk_when_it_is_acknowledged() throws IOException {
        assertThat(proxy.split(95).json()).hasToString("{\"blue\":95,\"green\":5,\"version\":1}");

        assertThat(proxy.get("/split").json()).hasToString("{\"blue\":95,\"green\":5,\"version\":1}");
        assertThat(stateDir.resolve("split")).hasContent("{\"blue\":95,\"green\":5,\"version\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "blue",
                "[]",
                "{}",
                "{\"blue\":100}",
                "{\"blue\":50,\"green\":51}",
                "{\"blue\":-1,\"green\":101}",
                "{\"blue\":50.0,\"green\":50.0}",
                "{\"blue\":\"50\",\"green\":\"50\"}",
                "{\"blue\":50,\"green\":50,\"red\":0}",
                "{\"blue\":50,\"green\":50,\"blue\":50}",
                "{\"blue\":50,\"green\":50} {}",
                "{\"blue\":4294967346,\"green\":50}",
                "{\"blue\":50,\"green\":50,\"version\":0}",
                "{\"blue\":50,\"green\":50,\"expected\":{\"blue\":100}}",
                "{\"blue\":50,\"green\":50,\"expected\":{\"blue\":100,\"green\":0,\"version\":-1}}",
                "{\"blue\":50,\"green\":50,\"expected\":{\"blue\":100,\"green\":0,\"version\":\"0\"}}"
            })
    void what_is_not_a_split_is_refused_with_a_reason(String body) {
        Told told = proxy.put(body);

        assertThat(told.status()).isEqualTo(400);
        assertThat(told.json().get("reason").textValue()).isNotBlank();
        assertThat(proxy.get("/split").json()).hasToString("{\"blue\":100,\"green\":0,\"version\":0}");
    }

    @Test
    void an_order_that_expects_another_split_is_refused() {
        proxy.split(50);

        Told told = proxy.put("{\"blue\":0,\"green\":100,\"expected\":{\"blue\":95,\"green\":5}}");

        assertThat(told.status()).isEqualTo(409);
        assertThat(told.json().get("error").textValue()).isEqualTo("changed");
        assertThat(told.json().get("blue").intValue()).isEqualTo(50);
        assertThat(proxy.put("{\"blue\":0,\"green\":100,\"expected\":{\"blue\":50,\"green\":50}}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void an_order_that_expects_an_earlier_version_is_refused_though_the_split_reads_the_same() {
        Told raised = proxy.put("{\"blue\":100,\"green\":0,\"expected\":{\"blue\":100,\"green\":0,\"version\":0}}");
        Told late = proxy.put("{\"blue\":0,\"green\":100,\"expected\":{\"blue\":100,\"green\":0,\"version\":0}}");

        assertThat(raised.json()).hasToString("{\"blue\":100,\"green\":0,\"version\":1}");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.json().get("error").textValue()).isEqualTo("changed");
        assertThat(late.json().get("version").longValue()).isEqualTo(1);
        assertThat(proxy.put("{\"blue\":0,\"green\":100,\"expected\":{\"blue\":100,\"green\":0,\"version\":1}}")
                        .json())
                .hasToString("{\"blue\":0,\"green\":100,\"version\":2}");
    }

    @Test
    void a_split_that_was_saved_without_a_version_has_version_0() throws IOException {
        proxy.stop();
        Files.writeString(stateDir.resolve("split"), "{\"blue\":30,\"green\":70}\n");
        proxy.start();

        assertThat(proxy.get("/split").json()).hasToString("{\"blue\":30,\"green\":70,\"version\":0}");
        assertThat(proxy.put("{\"blue\":0,\"green\":100,\"expected\":{\"blue\":30,\"green\":70}}")
                        .json())
                .hasToString("{\"blue\":0,\"green\":100,\"version\":1}");
    }

    @Test
    void a_colour_that_is_not_healthy_gets_no_more_traffic_but_may_keep_or_lose_what_it_has() {
        proxy.split(50);
        proxy.sicken(GREEN);

        Told told = proxy.split(0);

        assertThat(told.status()).isEqualTo(409);
        assertThat(told.json().get("error").textValue()).isEqualTo("unhealthy");
        assertThat(told.json().get("reason").textValue()).isEqualTo("green is not healthy: /health answered 503");
        assertThat(proxy.split(50).status()).isEqualTo(200);
        assertThat(proxy.split(90).status()).isEqualTo(200);
    }

    @Test
    void a_split_that_cannot_be_saved_does_not_take_effect() throws IOException {
        Files.createDirectories(stateDir.resolve("split.new").resolve("in the way"));

        assertThat(proxy.split(0).status()).isEqualTo(500);

        assertThat(proxy.get("/split").json()).hasToString("{\"blue\":100,\"green\":0,\"version\":0}");
        try (KeepAliveClient client = proxy.connect()) {
            assertThat(client.get("/").colour()).isEqualTo("blue");
        }
    }

    @Test
    void nobody_gets_in_without_the_token() throws IOException {
        for (String given : new String[] {"Bearer wrong", proxy.token(), "Bearer ", "Basic " + proxy.token()}) {
            Told told = proxy.tell(HttpRequest.newBuilder(proxy.admin().resolve("/split"))
                    .header("Authorization", given)
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"blue\":0,\"green\":100}")));
            assertThat(told.status()).isEqualTo(401);
            assertThat(told.json().toString()).doesNotContain(proxy.token());
        }
        assertThat(proxy.tell(HttpRequest.newBuilder(proxy.admin().resolve("/colours/blue")))
                        .status())
                .isEqualTo(401);

        assertThat(proxy.get("/split").json()).hasToString("{\"blue\":100,\"green\":0,\"version\":0}");
        assertThat(Files.getPosixFilePermissions(proxy.tokenFile()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(proxy.token()).matches("[A-Za-z0-9_-]{43}");
    }

    @Test
    void a_colour_tells_its_health_and_what_it_did() {
        proxy.request(20);

        await(() -> proxy.count(BLUE, "requests") == 20);
        JsonNode blue = proxy.get("/colours/blue").json();
        assertThat(blue.get("colour").textValue()).isEqualTo("blue");
        assertThat(blue.get("url").textValue()).isEqualTo(proxy.blue.health().toString());
        assertThat(blue.get("failures").longValue()).isZero();
        assertThat(blue.get("p50Ms").doubleValue())
                .isPositive()
                .isLessThanOrEqualTo(blue.get("p99Ms").doubleValue());
        assertThat(Latency.decoded(blue.get("latency").textValue()).count()).isEqualTo(20);
        assertThat(proxy.get("/colours/green").json().get("requests").longValue())
                .isZero();
        assertThat(proxy.get("/colours/red").status()).isEqualTo(404);
    }

    @Test
    void a_sick_colour_leaves_its_requests_to_the_other_one_only_if_that_has_a_share() throws IOException {
        proxy.sicken(BLUE);
        try (KeepAliveClient client = proxy.connect()) {
            // Green was given nothing: it may run a version that users must not see yet.
            assertThat(client.get("/").colour()).isEqualTo("blue");

            proxy.split(50);
            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/").colour()).isEqualTo("green");
            }
        }

        long diverted = proxy.count(BLUE, "diverted");
        assertThat(diverted).isBetween(5L, 45L);
        assertThat(proxy.count(BLUE, "failures")).isEqualTo(diverted);
        assertThat(proxy.count(GREEN, "failures")).isZero();
    }

    @Test
    void without_any_colour_alive_users_get_503_and_the_failure_counts() throws IOException {
        proxy.split(50);
        proxy.blue.kill();
        proxy.green.kill();
        await(() -> !proxy.isHealthy(BLUE) && !proxy.isHealthy(GREEN));

        try (KeepAliveClient client = proxy.connect()) {
            assertThat(client.get("/").status()).isEqualTo(503);
            assertThat(client.post("/", "x").status()).isEqualTo(503);
        }

        assertThat(proxy.count(BLUE, "failures") + proxy.count(GREEN, "failures"))
                .isEqualTo(2);
    }
}
