package io.pitstop.proxy;

import static io.pitstop.proxy.TestProxy.await;
import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.proxy.Load.Request;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 16 clients ask all the time, on connections that they keep; blue has all traffic. */
class SwitchUnderLoadTest {
    private static final int SWITCHES = 60;

    @TempDir
    private Path stateDir;

    private TestProxy proxy;
    private Load load;

    /** @param ordered when the order to move all traffic was given; @param done when it was acknowledged */
    private record Switch(long ordered, long done, String to) {}

    @BeforeEach
    void start() {
        proxy = new TestProxy(stateDir);
        load = new Load(proxy.address(), 16);
    }

    @AfterEach
    void stop() throws InterruptedException {
        load.stop();
        proxy.close();
    }

    @Test
    void no_request_fails_and_none_that_begins_after_a_switch_meets_the_old_colour() throws Exception {
        List<Switch> switches = new ArrayList<>();
        for (int i = 0; i < SWITCHES; i++) {
            int enough = load.soFar() + 40;
            await(() -> load.soFar() >= enough);
            long ordered = System.nanoTime();
            assertThat(proxy.split(i % 2 == 0 ? 0 : 100).status()).isEqualTo(200);
            switches.add(new Switch(ordered, System.nanoTime(), i % 2 == 0 ? "green" : "blue"));
        }
        List<Request> requests = load.stop();

        assertThat(requests).hasSizeGreaterThan(40 * SWITCHES).noneMatch(Request::failed);
        assertThat(afterSwitches(requests, switches, true)).isGreaterThan(10 * SWITCHES);
        assertThat(afterSwitches(requests, switches, false)).isZero();
        assertThat(proxy.count(BLUE, "failures") + proxy.count(GREEN, "failures"))
                .isZero();
        assertThat(proxy.count(BLUE, "requests") + proxy.count(GREEN, "requests"))
                .isEqualTo(requests.size());
    }

    @Test
    void a_colour_that_dies_gets_no_more_traffic_and_its_failures_show() throws Exception {
        proxy.split(50);
        int warm = load.soFar() + 500;
        await(() -> load.soFar() >= warm);

        proxy.green.kill();
        long killed = System.nanoTime();
        int later = load.soFar() + 1_000;
        await(() -> load.soFar() >= later);
        List<Request> requests = load.stop();

        // In flight when green died: one request of each client at most, and only of those that must not be repeated.
        List<Request> failed = requests.stream().filter(Request::failed).toList();
        assertThat(failed).hasSizeLessThanOrEqualTo(16).noneMatch(request -> request.method()
                .equals("GET"));
        assertThat(failed).allMatch(request -> request.began() < killed);
        assertThat(proxy.count(GREEN, "diverted")).isGreaterThan(300);
        assertThat(proxy.count(GREEN, "failures"))
                .isGreaterThanOrEqualTo(proxy.count(GREEN, "diverted") + failed.size());
        assertThat(proxy.count(BLUE, "failures")).isZero();
        assertThat(proxy.get("/split").json()).hasToString("{\"blue\":50,\"green\":50,\"version\":1}");
        assertThat(proxy.get("/colours/green").json().get("reason").textValue()).isEqualTo("connection refused");
    }

    @Test
    void an_application_that_resets_idle_connections_fails_no_request_and_gets_none_twice() throws Exception {
        for (int i = 0; i < 300; i++) {
            int next = load.soFar() + 10;
            await(() -> load.soFar() >= next);
            proxy.blue.dropIdle();
        }
        List<Request> requests = load.stop();

        assertThat(requests).noneMatch(Request::failed);
        assertThat(proxy.blue.served().stream().filter(request -> request.startsWith("POST")))
                .doesNotHaveDuplicates();
        assertThat(proxy.count(BLUE, "failures")).isZero();
    }

    @Test
    void a_colour_that_comes_back_gets_its_share_again() throws Exception {
        proxy.split(50);
        proxy.green.kill();
        await(() -> !proxy.isHealthy(GREEN));

        proxy.green.startAgain();
        await(() -> proxy.isHealthy(GREEN));

        long before = proxy.green.served().size();
        await(() -> proxy.green.served().size() > before + 100);
    }

    private static long afterSwitches(List<Request> requests, List<Switch> switches, boolean right) {
        return requests.stream()
                .filter(request -> lastBefore(request, switches)
                        .anyMatch(last -> request.outcome().equals(last.to()) == right))
                .count();
    }

    /** The switch that was done before the request began, if none was ordered before the request ended. */
    private static Stream<Switch> lastBefore(Request request, List<Switch> switches) {
        Stream.Builder<Switch> last = Stream.builder();
        for (int i = 0; i < switches.size(); i++) {
            long next = i + 1 < switches.size() ? switches.get(i + 1).ordered() : Long.MAX_VALUE;
            if (request.began() > switches.get(i).done() && request.ended() < next) {
                last.add(switches.get(i));
            }
        }
        return last.build();
    }
}
