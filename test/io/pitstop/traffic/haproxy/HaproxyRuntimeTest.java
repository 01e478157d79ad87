package io.pitstop.traffic.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HaproxyRuntimeTest {
    @Test
    @Timeout(20)
    void an_answer_that_does_not_come_is_not_awaited_for_long() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HaproxyRuntime runtime = new HaproxyRuntime("127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(200));

            assertThatThrownBy(() -> runtime.tell("show stat"))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("200 ms");
        }
    }

    @Test
    @Timeout(20)
    void an_answer_may_come_in_parts() throws IOException {
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (Socket connection = slow.accept()) {
                    connection.getInputStream().readNBytes(2);
                    for (int part = 0; part < 3; part++) {
                        connection.getOutputStream().write(("part " + part + "\n").getBytes(StandardCharsets.UTF_8));
                        connection.getOutputStream().flush();
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(new HaproxyRuntime("localhost:" + slow.getLocalPort(), Duration.ofSeconds(10)).tell("?"))
                    .isEqualTo("part 0\npart 1\npart 2\n");
            answered.join();
        }
    }

    @Test
    void a_socket_that_is_not_there_cannot_have_got_an_order() {
        for (String nowhere : new String[] {"/nowhere/haproxy.sock", "127.0.0.1:1", "nowhere.invalid:80"}) {
            assertThatThrownBy(() -> new HaproxyRuntime(nowhere, Duration.ofSeconds(5)).tell("show stat"))
                    .as(nowhere)
                    .isInstanceOf(ConnectException.class);
        }
    }
}
