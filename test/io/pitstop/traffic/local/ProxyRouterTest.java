package io.pitstop.traffic.local;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.traffic.local.FaultyAdmin.answer;
import static io.pitstop.traffic.local.FaultyAdmin.fallSilentAfterTheHead;
import static io.pitstop.traffic.local.FaultyAdmin.loseAnswer;
import static io.pitstop.traffic.local.FaultyAdmin.throttle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.aws.Aws;
import io.pitstop.config.AwsConfig;
import io.pitstop.config.LocalConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.metrics.Counts;
import io.pitstop.metrics.Figures;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Series;
import io.pitstop.proxy.TestProxy;
import io.pitstop.traffic.Routers;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All traffic goes to blue. */
class ProxyRouterTest {
    private static final Aws NO_AWS = new Aws(new AwsConfig(Optional.empty(), Optional.empty(), Optional.empty()));

    private static final String TOKEN = "k7_the-secret";
    private static final String ALL_TO_BLUE = "{\"blue\":100,\"green\":0,\"version\":7}";
    private static final String ALL_TO_GREEN = "{\"blue\":0,\"green\":100,\"version\":8}";

    @TempDir
    private Path folder;

    @Nested
    class With_a_real_proxy {
        private TestProxy proxy;
        private TrafficRouter router;

        @BeforeEach
        void start() {
            proxy = new TestProxy(folder);
            router = Routers.open(new LocalConfig(proxy.admin(), proxy.tokenFile()), NO_AWS);
        }

        @AfterEach
        void stop() {
            proxy.close();
        }

        @Test
        void the_split_moves_and_is_read_back() {
            assertThat(router.split()).isEqualTo(Split.allTo(BLUE));

            router.shift(Split.giving(GREEN, 5));
            router.shift(Split.giving(GREEN, 5));

            assertThat(router.split()).isEqualTo(new Split(95));
        }

        @Test
        void a_colour_that_is_not_healthy_gets_no_traffic() {
            proxy.sicken(GREEN);

            assertThat(router.health(GREEN)).isEqualTo(new TargetHealth(0, 1, "/health answered 503"));
            assertThat(router.health(BLUE).healthy()).isOne();
            assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                    .isInstanceOf(MoveRefused.class)
                    .hasMessageContaining("green is not healthy: /health answered 503");
            assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
        }

        @Test
        void two_reads_of_the_figures_give_a_window() {
            proxy.request(5);
            Series before = figuresOf(5);
            assertThat(before.id()).isNotEmpty().isEqualTo(router.figures(BLUE).id());
            proxy.request(10);

            Figures window = figuresOf(15).total().since(before.total());
            assertThat(window.requests()).isEqualTo(10);
            assertThat(window.failures()).isZero();
            assertThat(window.latency().percentileMs(99)).isPositive();
            assertThat(router.figures(GREEN).total().requests()).isZero();
        }

        /** The end of a request is counted after its answer. */
        private Series figuresOf(long requests) {
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            Series figures = router.figures(BLUE);
            while (figures.total().requests() < requests && System.nanoTime() < end) {
                Thread.onSpinWait();
                figures = router.figures(BLUE);
            }
            return figures;
        }

        @Test
        void a_wrong_token_is_named_by_its_file_and_not_shown() throws IOException {
            Path wrong = Files.writeString(folder.resolve("wrong"), TOKEN);

            assertThatThrownBy(() -> router(proxy.admin(), wrong).split())
                    .isInstanceOf(InvalidConfig.class)
                    .hasMessageContaining(wrong.toString())
                    .hasMessageNotContaining(TOKEN);
        }
    }

    @Nested
    class With_a_faulty_proxy {
        private final FaultyAdmin admin = new FaultyAdmin();
        private TrafficRouter router;

        @BeforeEach
        void start() throws IOException {
            router = router(admin.address(), Files.writeString(folder.resolve("token"), TOKEN + "\n"));
        }

        @AfterEach
        void stop() {
            admin.close();
        }

        @Test
        void a_split_that_is_there_already_is_not_ordered_again() {
            admin.then(answer(200, ALL_TO_GREEN));

            router.shift(Split.allTo(GREEN));

            assertThat(admin.calls()).containsExactly("GET /split");
        }

        @Test
        void an_order_names_the_split_that_it_expects() {
            admin.then(answer(200, ALL_TO_BLUE)).then(answer(200, ALL_TO_GREEN));

            router.shift(Split.allTo(GREEN));

            assertThat(admin.calls())
                    .containsExactly(
                            "GET /split",
                            "PUT /split {\"blue\":0,\"green\":100,"
                                    + "\"expected\":{\"blue\":100,\"green\":0,\"version\":7}}",
                            "GET /split");
        }

        @Test
        void an_order_that_was_taken_but_is_not_served_is_no_success() {
            admin.then(answer(200, ALL_TO_BLUE)).then(answer(200, ALL_TO_GREEN)).then(answer(200, ALL_TO_BLUE));

            assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                    .isInstanceOf(OutcomeUnknown.class)
                    .hasMessageContaining("serves blue 100 %, green 0 %");
        }

        @Test
        void a_second_writer_is_noticed() {
            admin.then(answer(200, ALL_TO_BLUE))
                    .then(answer(
                            409, "{\"error\":\"changed\",\"reason\":\"the split is no longer the expected one\"}"));

            assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                    .isInstanceOf(DependencyFailed.class)
                    .hasMessageContaining("no longer the expected one");
        }

        @Test
        void a_read_is_tried_again() {
            admin.then(loseAnswer()).then(answer(503, "")).then(answer(200, ALL_TO_BLUE));

            Counts counts = new Counts();
            TrafficRouter counted =
                    Routers.open(new LocalConfig(admin.address(), folder.resolve("token")), NO_AWS, counts);

            assertThat(counted.split()).isEqualTo(Split.allTo(BLUE));
            assertThat(counts.of(Meter.RETRIES, "proxy")).isEqualTo(2);
        }

        @Test
        void a_read_that_was_throttled_is_tried_again_when_it_may_be() {
            long begun = System.nanoTime();
            admin.then(throttle(1)).then(answer(200, ALL_TO_BLUE));

            assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(900));
        }

        @Test
        void a_read_that_is_throttled_for_long_says_so() {
            admin.then(throttle(0));

            assertThatThrownBy(() -> router.split())
                    .isInstanceOf(DependencyFailed.class)
                    .hasMessageContaining("status 429")
                    .extracting(failure -> ((DependencyFailed) failure).hint())
                    .isEqualTo("Find out who asks it so often, then run the step again.");
        }

        @Test
        void an_order_that_was_throttled_is_given_again() {
            admin.then(answer(200, ALL_TO_BLUE)).then(throttle(0)).then(answer(200, ALL_TO_GREEN));

            router.shift(Split.allTo(GREEN));

            assertThat(admin.calls()).filteredOn(call -> call.startsWith("PUT")).hasSize(2);
        }

        @Test
        void an_order_that_is_throttled_for_long_was_not_taken() {
            admin.then(answer(200, ALL_TO_BLUE)).then(throttle(0));

            assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                    .isInstanceOf(DependencyFailed.class)
                    .hasMessageContaining("asked too often")
                    .hasMessageContaining("The split is as it was");
        }

        @Test
        void a_reading_from_before_the_order_is_no_contradiction() {
            admin.then(answer(200, ALL_TO_BLUE))
                    .then(answer(200, ALL_TO_GREEN))
                    .then(answer(200, ALL_TO_BLUE))
                    .then(answer(200, ALL_TO_BLUE))
                    .then(answer(200, ALL_TO_GREEN));

            router.shift(Split.allTo(GREEN));

            assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
        }

        @Test
        void a_proxy_that_begins_anew_is_believed_in_the_end() {
            admin.then(answer(200, ALL_TO_GREEN)).then(answer(200, "{\"blue\":100,\"green\":0,\"version\":0}"));
            assertThat(router.split()).isEqualTo(Split.allTo(GREEN));

            assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
        }

        @Test
        void an_answer_that_breaks_off_in_the_middle_is_not_waited_for_for_ever() {
            CountDownLatch end = new CountDownLatch(1);
            admin.then(fallSilentAfterTheHead(end)).then(answer(200, ALL_TO_BLUE));

            assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
            assertThat(end.getCount()).isOne();
            end.countDown();
        }

        @Test
        void what_is_not_a_split_is_not_taken_for_one() {
            for (String garbage : new String[] {
                "<html>", "{}", "[]", "", "{\"blue\":50,\"green\":60}", "{\"blue\":\"100\",\"green\":\"0\"}"
            }) {
                try (FaultyAdmin other = new FaultyAdmin()) {
                    other.then(answer(200, garbage));
                    assertThatThrownBy(() -> router(other.address(), folder.resolve("token"))
                                    .split())
                            .as(garbage)
                            .isInstanceOf(OutcomeUnknown.class);
                }
            }
        }

        @Test
        void figures_that_cannot_be_read_are_not_taken_for_zeros() {
            admin.then(answer(200, "{\"healthy\":true,\"reason\":\"\",\"latency\":\"nonsense\"}"));

            assertThatThrownBy(() -> router.figures(BLUE)).isInstanceOf(DependencyFailed.class);
        }
    }

    @Test
    void a_missing_token_is_named_by_its_file() {
        Path missing = folder.resolve("token");

        assertThatThrownBy(
                        () -> router(URI.create("http://127.0.0.1:1"), missing).split())
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void a_file_that_holds_no_token_is_not_shown() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "two\nlines of something");

        assertThatThrownBy(() -> router(URI.create("http://127.0.0.1:1"), file).split())
                .isInstanceOf(InvalidConfig.class)
                .hasMessageNotContaining("something");
    }

    @Test
    void a_proxy_that_is_not_there_is_named_by_its_address() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), TOKEN);

        assertThatThrownBy(() -> router(URI.create("http://127.0.0.1:1"), token).split())
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("http://127.0.0.1:1");
    }

    private static TrafficRouter router(URI admin, Path token) {
        return new ProxyRouter(new LocalConfig(admin, token));
    }
}
