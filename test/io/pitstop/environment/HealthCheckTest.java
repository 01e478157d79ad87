package io.pitstop.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A colour that takes connections. */
class HealthCheckTest {
    @Test
    void an_answer_whose_body_never_comes_is_a_complaint() throws IOException {
        try (ServerSocket colour = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread serves = new Thread(() -> answerWithoutBody(colour), "colour");
            serves.setDaemon(true);
            serves.start();
            URI address = URI.create("http://127.0.0.1:" + colour.getLocalPort() + "/health");

            assertThat(new HealthCheck(address).complaint(Duration.ZERO)).contains("no whole answer within 5 s");
        }
    }

    private static void answerWithoutBody(ServerSocket colour) {
        try (Socket client = colour.accept()) {
            client.getInputStream().read();
            OutputStream answer = client.getOutputStream();
            answer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            answer.flush();
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            return; // the test has ended
        }
    }
}
