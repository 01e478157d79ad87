package io.pitstop.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An application that is healthy until its answers break off after their heads. */
class HealthChecksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer application;
    private final HealthChecks checks = new HealthChecks(Duration.ofMillis(20), Duration.ofMillis(300));
    private volatile boolean breaksOff;

    HealthChecksTest() throws IOException {
        application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.createContext("/health", this::answer);
        application.setExecutor(threads);
        application.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        checks.close();
        application.stop(0);
        threads.shutdownNow();
    }

    @Test
    void an_answer_that_breaks_off_is_a_bad_one_and_the_next_check_comes_all_the_same() {
        Upstream blue = new Upstream(
                Colour.BLUE,
                URI.create("http://127.0.0.1:" + application.getAddress().getPort() + "/health"));
        checks.watch(blue);
        await(() -> blue.health().state().healthy());

        breaksOff = true;
        await(() -> !blue.health().state().healthy());
        assertThat(blue.health().state().reason()).isEqualTo("/health did not answer within 300 ms");

        breaksOff = false;
        await(() -> blue.health().state().healthy());
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            if (!breaksOff) {
                call.sendResponseHeaders(200, -1);
                return;
            }
            call.sendResponseHeaders(200, 100);
            call.getResponseBody().flush();
            end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
