package io.pitstop.traffic.haproxy;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.traffic.haproxy.HaproxyHop.LOSE_ANSWER;
import static io.pitstop.traffic.haproxy.HaproxyHop.LOSE_ORDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.HaproxyConfig;
import io.pitstop.config.PerColour;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Series;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All traffic of a real HAProxy goes to blue, a hop on the way to its socket. */
class HaproxyRouterTest {
    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestHaproxy haproxy;
    private HaproxyHop hop;

    @AfterEach
    void stop() {
        if (hop != null) {
            hop.close();
        }
        if (haproxy != null) {
            haproxy.close();
        }
    }

    @Test
    void users_are_counted_by_colour_and_so_are_their_failures() throws Exception {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        router.shift(Split.giving(GREEN, 10));
        Series before = router.figures(GREEN);

        for (int i = 0; i < 100; i++) {
            get("");
        }
        assertThat(router.figures(GREEN).total().since(before.total()).requests())
                .isBetween(9L, 11L);
        assertThat(router.figures(BLUE).total().failures()).isZero();

        router.shift(Split.allTo(GREEN));
        assertThat(get("broken").statusCode()).isEqualTo(500);
        Figures green = router.figures(GREEN).total();
        assertThat(green.failures()).isOne();
        assertThat(green.latency().count()).isZero();
        assertThat(router.figures(GREEN).id()).contains("Pid ").isEqualTo(before.id());
    }

    @Test
    void both_weights_are_one_order_and_the_raise_comes_first() {
        TrafficRouter router = start("balance leastconn", Optional.empty());
        haproxy.tell("set server blog/blue weight 1");

        router.shift(new Split(95));
        router.shift(new Split(0));

        assertThat(hop.lines().stream().filter(line -> line.startsWith("set")))
                .containsExactly(
                        "set server blog/blue weight 95; set server blog/green weight 5",
                        "set server blog/green weight 100; set server blog/blue weight 0");
    }

    @Test
    void an_order_that_was_taken_is_done_though_its_answer_was_lost() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        hop.then(LOSE_ANSWER);

        router.shift(Split.allTo(GREEN));

        assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
        assertThat(hop.orders()).isOne();
    }

    @Test
    void an_order_that_was_lost_is_given_again() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        hop.then(LOSE_ORDER);

        router.shift(Split.allTo(GREEN));

        assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
        assertThat(hop.orders()).isEqualTo(2);
    }

    @Test
    void an_order_that_is_lost_again_and_again_may_come_late_so_nobody_can_tell() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        hop.then(LOSE_ORDER).then(LOSE_ORDER).then(LOSE_ORDER);

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void nobody_can_tell_who_serves_users_if_haproxy_falls_silent_after_the_order() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        hop.then((line, there) -> {
            hop.close();
            return null;
        });

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void an_order_for_which_there_is_no_connection_was_not_taken() {
        TrafficRouter router = start("balance roundrobin", Optional.of(TestHaproxy::stateFile));
        hop.closeAfter("show servers state");

        assertThatThrownBy(() -> router.shift(Split.giving(GREEN, 25)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("The split is as it was");
    }

    @Test
    void an_order_that_another_writer_undoes_is_no_success() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        hop.then((line, there) -> {
            String answer = there.tell(line);
            there.tell("set server blog/blue weight 60");
            return answer;
        });

        assertThatThrownBy(() -> router.shift(Split.giving(GREEN, 60)))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("has weight 60 for blue, 60 for green");
    }

    @Test
    void an_interrupt_does_not_cut_an_order_short() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        Thread giver = Thread.currentThread();
        hop.then((line, there) -> {
            giver.interrupt();
            return there.tell(line);
        });

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
        assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
    }

    @Test
    void who_was_asked_to_stop_still_learns_the_split() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        Thread.currentThread().interrupt();

        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
    }

    @Test
    void a_server_that_somebody_took_out_is_told_from_one_without_users() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        for (String state : new String[] {"maint", "drain"}) {
            haproxy.tell("set server blog/green state " + state);
            assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
            assertThat(router.health(GREEN).reason()).containsIgnoringCase(state);
            assertThatThrownBy(() -> router.shift(new Split(50))).isInstanceOf(MoveRefused.class);
            haproxy.tell("set server blog/green state ready");

            haproxy.tell("set server blog/blue state " + state);
            assertThatThrownBy(router::split)
                    .isInstanceOf(OutcomeUnknown.class)
                    .hasMessageContaining("blue has weight 100");
            haproxy.tell("set server blog/blue state ready");
        }
    }

    @Test
    void weights_that_make_no_percentages_are_not_rounded() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        haproxy.tell("set server blog/blue weight 256; set server blog/green weight 1");
        assertThatThrownBy(router::split).isInstanceOf(OutcomeUnknown.class).hasMessageContaining("1 for green");

        haproxy.tell("set server blog/blue weight 0; set server blog/green weight 0");
        assertThatThrownBy(router::split).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void a_server_without_a_health_check_gets_no_users() {
        TrafficRouter router = start("# unchecked", Optional.empty());

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("add check");
    }

    @Test
    void a_backend_that_does_not_keep_to_weights_is_refused_before_it_loses_its_users() {
        TrafficRouter router = start("balance source", Optional.empty());

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("source");
        assertThat(hop.orders()).isZero();
    }

    @Test
    void names_that_haproxy_does_not_have_are_told() {
        start("balance roundrobin", Optional.empty());
        String socket = haproxy.socket().toString();

        assertThatThrownBy(router(socket, "shop", "green", Optional.empty())::split)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("no backend shop");
        assertThatThrownBy(router(socket, "blog", "grün", Optional.empty())::split)
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("no server grün");
    }

    @Test
    void an_operator_may_ask_by_tcp_and_is_refused_the_order() {
        start("balance roundrobin", Optional.empty());
        TrafficRouter router = router(haproxy.operator(), "blog", "green", Optional.empty());
        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("Permission denied");
        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void the_split_survives_a_reload_if_the_state_is_kept() throws IOException {
        TrafficRouter router = start("balance roundrobin", Optional.of(TestHaproxy::stateFile));
        router.shift(new Split(30));
        String process = router.figures(BLUE).id();

        haproxy.reload();

        assertThat(router.split()).isEqualTo(new Split(30));
        assertThat(router.figures(BLUE).id()).isNotEqualTo(process);
    }

    @Test
    void a_reload_forgets_the_split_if_nobody_keeps_the_state() throws IOException {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        router.shift(new Split(30));

        haproxy.reload();

        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void nothing_is_moved_if_the_state_could_not_be_kept() throws IOException {
        TrafficRouter router = start("balance roundrobin", Optional.of(TestHaproxy::stateFile));
        Files.createDirectories(haproxy.stateFile().resolve("in the way"));

        assertThatThrownBy(() -> router.shift(Split.giving(GREEN, 25)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("Nothing was moved, but " + haproxy.stateFile());
        assertThat(hop.orders()).isZero();
    }

    @Test
    void users_go_back_although_the_state_cannot_be_kept() throws IOException {
        TrafficRouter router = start("balance roundrobin", Optional.of(TestHaproxy::stateFile));
        router.shift(Split.giving(GREEN, 25));
        Files.delete(haproxy.stateFile());
        Files.createDirectories(haproxy.stateFile().resolve("in the way"));

        assertThatThrownBy(() -> router.shift(Split.allTo(BLUE)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("Users moved to blue 100")
                .hasMessageContaining("forgets the split");
        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_colour_is_drained_once_its_last_request_has_ended() {
        TrafficRouter router = start("balance roundrobin", Optional.empty());
        CompletableFuture<HttpResponse<String>> slow = http.sendAsync(
                HttpRequest.newBuilder(haproxy.address().resolve("slow")).build(), BodyHandlers.ofString());
        TestHaproxy.await(() -> haproxy.tell("show stat blog 6 -1").contains("blog,blue,0,0,1,"));
        router.shift(Split.allTo(GREEN));

        assertThat(router.drained(BLUE, Instant.now()))
                .isEqualTo(new Drained(false, "1 requests at server blue, 0 queued"));
        haproxy.application(BLUE).answerSlow();
        assertThat(slow.join().body()).isEqualTo("blue");
        TestHaproxy.await(() -> router.drained(BLUE, Instant.now()).done());
    }

    private TrafficRouter start(String backend, Optional<Function<TestHaproxy, Path>> stateFile) {
        haproxy = new TestHaproxy(folder, backend);
        hop = new HaproxyHop(folder.resolve("hop.sock"), haproxy.socket());
        return router(hop.socket().toString(), "blog", "green", stateFile.map(path -> path.apply(haproxy)));
    }

    private static TrafficRouter router(String socket, String backend, String green, Optional<Path> stateFile) {
        return new HaproxyRouter(new HaproxyConfig(
                socket, backend, new PerColour("blue", green), stateFile.map(Path::toString), Duration.ofSeconds(5)));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(haproxy.address().resolve(path)).build(), BodyHandlers.ofString());
    }
}
