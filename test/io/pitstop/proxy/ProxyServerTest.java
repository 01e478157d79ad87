package io.pitstop.proxy;

import static io.pitstop.proxy.TestProxy.await;
import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.error.DependencyFailed;
import io.pitstop.proxy.KeepAliveClient.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both colours are healthy and blue has all traffic. */
class ProxyServerTest {
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
    void a_request_goes_to_the_colour_with_the_traffic_and_its_answer_says_so() throws IOException {
        try (KeepAliveClient client = proxy.connect()) {
            assertThat(client.get("/posts/1?full=yes").body()).isEqualTo("blue GET /posts/1?full=yes 0");

            proxy.split(0);

            Answer answer = client.post("/posts", "hello");
            assertThat(answer.body()).isEqualTo("green POST /posts 5");
            assertThat(answer.colour()).isEqualTo("green");
        }
    }

    @Test
    void an_application_learns_who_asked_and_for_what() throws IOException {
        try (KeepAliveClient client = proxy.connect()) {
            client.ask("GET", "/", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil.test\r\n", new byte[0]);
        }

        Map<String, String> headers = proxy.blue.heads().get(0);
        assertThat(headers)
                .containsEntry("host", "blog.test")
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("x-forwarded-proto", "http")
                .containsEntry("x-forwarded-host", "blog.test");
    }

    @Test
    void a_request_in_flight_finishes_at_the_colour_where_it_began() throws IOException {
        proxy.blue.hold = new CountDownLatch(1);
        try (KeepAliveClient slow = proxy.connect();
                KeepAliveClient next = proxy.connect()) {
            slow.send("POST", "/hold", "", "body".getBytes());
            await(() -> proxy.blue.served().size() == 1);

            proxy.split(0);

            assertThat(next.get("/").colour()).isEqualTo("green");
            proxy.blue.hold.countDown();
            assertThat(slow.read().body()).isEqualTo("blue POST /hold 4");
        }
    }

    @Test
    void a_body_larger_than_any_buffer_arrives_whole() throws IOException {
        byte[] body = new byte[20_000_000];
        try (KeepAliveClient client = proxy.connect()) {
            assertThat(client.ask("PUT", "/upload", "", body).body()).isEqualTo("blue PUT /upload 20000000");

            client.sendRaw("POST /chunked HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await(() -> proxy.blue.served().size() == 2); // it streams: the end is not here yet
            client.sendRaw("6\r\n world\r\n0\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("blue POST /chunked 11");
        }
    }

    @Test
    void answers_without_body_and_answers_that_end_the_connection_leave_the_client_connected() throws IOException {
        try (KeepAliveClient client = proxy.connect()) {
            assertThat(client.get("/bye").body()).isEqualTo("bye");
            assertThat(client.post("/bye", "x").body()).isEqualTo("bye");
            assertThat(client.ask("DELETE", "/empty", "", new byte[0]).status()).isEqualTo(204);
            assertThat(client.get("/empty").status()).isEqualTo(204);
            assertThat(client.head("/").headers()).containsEntry("content-length", "1000");
            assertThat(client.get("/").body()).isEqualTo("blue GET / 0");
        }

        assertThat(proxy.count(BLUE, "requests")).isEqualTo(6);
        assertThat(proxy.count(BLUE, "failures")).isZero();
    }

    @Test
    void a_client_that_waits_to_be_asked_for_its_body_is_asked() throws IOException {
        try (KeepAliveClient client = proxy.connect()) {
            client.sendRaw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            client.sendRaw("body");
            assertThat(client.read().body()).isEqualTo("blue POST / 4");
        }
    }

    @Test
    void an_application_that_closes_idle_connections_fails_no_request() throws Exception {
        proxy.blue.idleMillis = 3;
        proxy.green.idleMillis = 3;
        try (KeepAliveClient client = proxy.connect()) {
            for (int i = 0; i < 600; i++) {
                Answer answer = i % 2 == 0 ? client.post("/" + i, "x") : client.get("/" + i);
                assertThat(answer.status()).as("request %s", i).isEqualTo(200);
                Thread.sleep(i % 5); // meets the instant at which the application gives up
            }
        }

        assertThat(proxy.blue.served().stream().filter(request -> request.startsWith("POST")))
                .hasSize(300)
                .doesNotHaveDuplicates();
        assertThat(proxy.count(BLUE, "failures")).isZero();
    }

    @Test
    void a_request_that_may_have_been_executed_is_not_sent_again() throws IOException {
        proxy.split(50);
        try (KeepAliveClient client = proxy.connect()) {
            for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
                Answer answer = client.ask(method, "/break", "", new byte[0]);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.colour()).isEqualTo("none");
            }
        }

        assertThat(proxy.blue.served().size() + proxy.green.served().size()).isEqualTo(4);
        assertThat(proxy.count(BLUE, "failures") + proxy.count(GREEN, "failures"))
                .isEqualTo(4);
    }

    @Test
    void answers_with_5xx_and_answers_cut_short_are_failures_of_the_colour() throws IOException {
        try (KeepAliveClient client = proxy.connect()) {
            assertThat(client.get("/fail").status()).isEqualTo(500);
        }
        try (KeepAliveClient client = proxy.connect()) {
            assertThatThrownBy(() -> client.get("/cut")).isInstanceOf(IOException.class);
        }
        try (KeepAliveClient client = proxy.connect()) {
            assertThat(client.get("/missing").status()).isEqualTo(200);
        }

        assertThat(proxy.count(BLUE, "requests")).isEqualTo(3);
        assertThat(proxy.count(BLUE, "failures")).isEqualTo(2);
    }

    @Test
    void a_client_that_hangs_up_is_no_failure_of_the_colour() throws IOException {
        proxy.blue.hold = new CountDownLatch(1);
        KeepAliveClient impatient = proxy.connect();
        impatient.send("GET", "/hold", "", new byte[0]);
        KeepAliveClient halfway = proxy.connect();
        halfway.sendRaw("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this");
        await(() -> proxy.blue.served().size() == 2);

        impatient.hangUp();
        halfway.hangUp();
        proxy.blue.hold.countDown();

        await(() -> proxy.count(BLUE, "requests") == 2);
        assertThat(proxy.count(BLUE, "failures")).isZero();
    }

    @Test
    void a_request_that_takes_too_long_gets_an_answer_and_is_a_failure_of_the_colour() throws IOException {
        proxy.limitRequestsTo(Duration.ofMillis(200));
        proxy.blue.hold = new CountDownLatch(1);
        try (KeepAliveClient reader = proxy.connect();
                KeepAliveClient writer = proxy.connect()) {
            assertThat(reader.get("/hold").status()).isEqualTo(504);
            assertThat(writer.post("/hold", "x").status()).isEqualTo(504);
        }

        assertThat(proxy.blue.served()).hasSize(2);
        assertThat(proxy.count(BLUE, "failures")).isEqualTo(2);
    }

    @Test
    void the_split_and_the_token_survive_a_restart() throws IOException {
        String token = proxy.token();
        proxy.split(0);

        proxy.restart();

        assertThat(proxy.token()).isEqualTo(token);
        assertThat(proxy.get("/split").json().get("version").longValue()).isEqualTo(1);
        try (KeepAliveClient client = proxy.connect()) {
            assertThat(client.get("/").colour()).isEqualTo("green");
        }
    }

    @Test
    void a_proxy_that_stops_lets_requests_in_flight_finish() throws Exception {
        proxy.blue.hold = new CountDownLatch(1);
        try (KeepAliveClient slow = proxy.connect();
                KeepAliveClient known = proxy.connect()) {
            known.get("/");
            slow.send("POST", "/hold", "", "body".getBytes());
            await(() -> proxy.blue.served().size() == 2);

            Thread stopping = new Thread(proxy::stop);
            stopping.start();
            await(() -> isRefused());

            Answer last = known.get("/");
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.headers()).containsEntry("connection", "close");
            proxy.blue.hold.countDown();
            assertThat(slow.read().body()).isEqualTo("blue POST /hold 4");
            stopping.join(Duration.ofSeconds(20).toMillis());
            assertThat(stopping.isAlive()).isFalse();
        }
    }

    @Test
    void a_port_that_is_taken_is_named() {
        assertThatThrownBy(() -> ProxyServer.start(new ProxyConfig(
                        proxy.address(),
                        proxy.address(),
                        proxy.blue.health(),
                        proxy.green.health(),
                        stateDir,
                        BLUE,
                        ProxyConfig.Limits.byDefault())))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("127.0.0.1:" + proxy.address().getPort());
    }

    private boolean isRefused() {
        try {
            proxy.connect().close();
            return false;
        } catch (IOException refused) {
            return true;
        }
    }
}
