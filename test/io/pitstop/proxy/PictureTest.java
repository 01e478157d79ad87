package io.pitstop.proxy;

import static io.pitstop.proxy.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.release.Colour;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blue has all traffic; somebody else, such as a load balancer, decides about split and targets from now on. */
class PictureTest {
    @TempDir
    private Path stateDir;

    private final FakeApp next = new FakeApp("next");
    private TestProxy proxy;

    @BeforeEach
    void start() {
        proxy = new TestProxy(stateDir);
    }

    @AfterEach
    void stop() {
        proxy.close();
        next.close();
    }

    @Test
    void requests_follow_another_split_at_once() throws IOException {
        try (KeepAliveClient client = proxy.connect()) {
            proxy.show(new Picture(0, proxy.blue.health(), proxy.green.health()));

            assertThat(client.get("/").colour()).isEqualTo("green");
            assertThat(proxy.get("/split").json().get("version").longValue()).isOne();

            proxy.show(new Picture(0, proxy.blue.health(), proxy.green.health()));

            assertThat(proxy.get("/split").json().get("version").longValue()).isOne();
        }
    }

    @Test
    void requests_go_to_another_target_and_those_in_flight_finish_where_they_are() throws IOException {
        proxy.blue.hold = new CountDownLatch(1);
        try (KeepAliveClient slow = proxy.connect();
                KeepAliveClient client = proxy.connect()) {
            slow.send("POST", "/hold", "", "body".getBytes());
            await(() -> proxy.blue.served().size() == 1);

            proxy.show(new Picture(100, next.health(), proxy.green.health()));

            assertThat(client.get("/").body()).startsWith("next GET");
            assertThat(client.post("/", "hello").body()).startsWith("next POST");
            proxy.blue.hold.countDown();
            assertThat(slow.read().body()).isEqualTo("blue POST /hold 4");
        }
    }

    @Test
    void a_new_target_has_to_become_healthy_by_itself() {
        next.sick = true;
        proxy.show(new Picture(100, next.health(), proxy.green.health()));
        assertThat(proxy.isHealthy(Colour.BLUE)).isFalse();

        next.sick = false;
        await(() -> proxy.isHealthy(Colour.BLUE));
    }
}
