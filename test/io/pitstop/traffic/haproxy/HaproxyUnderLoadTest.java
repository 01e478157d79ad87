package io.pitstop.traffic.haproxy;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.HaproxyConfig;
import io.pitstop.config.PerColour;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users on kept connections, while a real HAProxy is switched to and fro. */
class HaproxyUnderLoadTest {
    private static final int SWITCHES = 60;
    private static final int ENOUGH = 500;
    private static final Duration MOST_TIME = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger astray = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private String log;

    /** Who serves users since when, or null while an order is under way. */
    private volatile Confirmed confirmed = new Confirmed(BLUE);

    private record Confirmed(Colour colour) {}

    @Test
    void no_request_fails_and_none_goes_astray_once_a_switch_is_confirmed() throws Exception {
        try (TestHaproxy haproxy = new TestHaproxy(folder, "balance roundrobin")) {
            TrafficRouter router = new HaproxyRouter(new HaproxyConfig(
                    haproxy.socket().toString(),
                    "blog",
                    new PerColour("blue", "green"),
                    Optional.of(haproxy.stateFile().toString()),
                    Duration.ofSeconds(5)));
            List<Thread> users = users(haproxy, 12);
            long deadline = System.nanoTime() + MOST_TIME.toNanos();
            try {
                for (int i = 0; i < SWITCHES || (requests.get() < ENOUGH && System.nanoTime() < deadline); i++) {
                    Colour to = i % 2 == 0 ? GREEN : BLUE;
                    confirmed = null;
                    if (i % 3 == 0) {
                        router.shift(Split.giving(to, 50));
                    }
                    router.shift(Split.allTo(to));
                    confirmed = new Confirmed(to);
                    Thread.sleep(20);
                }
            } finally {
                over.set(true);
            }
            log = haproxy.log();
            for (Thread user : users) {
                user.join(10_000);
            }
        }
        assertThat(requests.get()).isGreaterThanOrEqualTo(ENOUGH);
        assertThat(failed.get())
                .as("failed of " + requests + ": " + failures + "\n" + log)
                .isZero();
        assertThat(astray.get()).as("astray of " + requests).isZero();
    }

    private List<Thread> users(TestHaproxy haproxy, int count) {
        HttpRequest request = HttpRequest.newBuilder(haproxy.address())
                .timeout(Duration.ofSeconds(10))
                .build();
        List<Thread> users = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread user = new Thread(() -> {
                HttpClient http = HttpClient.newHttpClient();
                while (!over.get()) {
                    ask(http, request);
                }
            });
            user.start();
            users.add(user);
        }
        return users;
    }

    private void ask(HttpClient http, HttpRequest request) {
        Confirmed before = confirmed;
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            requests.incrementAndGet();
            if (answer.statusCode() != 200) {
                failed.incrementAndGet();
                failures.add(answer.statusCode() + " " + answer.body());
            }
            // The same one before and after: no order was given meanwhile.
            if (before != null
                    && before == confirmed
                    && !answer.body().equals(before.colour().toString())) {
                astray.incrementAndGet();
            }
        } catch (IOException e) {
            failed.incrementAndGet();
            failures.add(e.toString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
