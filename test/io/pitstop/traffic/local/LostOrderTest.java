package io.pitstop.traffic.local;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static io.pitstop.traffic.local.FaultyAdmin.answer;
import static io.pitstop.traffic.local.FaultyAdmin.forward;
import static io.pitstop.traffic.local.FaultyAdmin.interrupt;
import static io.pitstop.traffic.local.FaultyAdmin.loseAnswer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.LocalConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.proxy.TestProxy;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All traffic goes to blue, and somebody orders green without hearing the answer. */
class LostOrderTest {
    private static final String ALL_TO_BLUE = "{\"blue\":100,\"green\":0,\"version\":7}";
    private static final String ALL_TO_GREEN = "{\"blue\":0,\"green\":100,\"version\":8}";
    private static final String BLUE_AFTER_A_RECALL = "{\"blue\":100,\"green\":0,\"version\":8}";
    private static final String EXPECTED = ",\"expected\":{\"blue\":100,\"green\":0,\"version\":7}}";
    private static final String ORDER = "PUT /split {\"blue\":0,\"green\":100" + EXPECTED;
    private static final String RECALL = "PUT /split {\"blue\":100,\"green\":0" + EXPECTED;

    private final FaultyAdmin admin = new FaultyAdmin();

    @TempDir
    private Path folder;

    private TrafficRouter router;

    @BeforeEach
    void start() throws IOException {
        router = router(admin.address(), Files.writeString(folder.resolve("faulty"), "k7_the-secret"));
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void an_order_that_was_taken_is_done_though_its_answer_was_lost() {
        admin.then(answer(200, ALL_TO_BLUE)).then(loseAnswer()).then(answer(409, ALL_TO_GREEN));

        assertThatCode(() -> router.shift(Split.allTo(GREEN))).doesNotThrowAnyException();

        assertThat(admin.calls()).containsExactly("GET /split", ORDER, RECALL);
    }

    @Test
    void an_order_that_was_lost_is_recalled_and_can_be_given_again() {
        admin.then(answer(200, ALL_TO_BLUE)).then(loseAnswer()).then(answer(200, BLUE_AFTER_A_RECALL));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("The split is as it was");
        assertThat(admin.calls()).containsExactly("GET /split", ORDER, RECALL);
    }

    @Test
    void a_recall_whose_answer_was_lost_is_given_again() {
        admin.then(answer(200, ALL_TO_BLUE))
                .then(loseAnswer())
                .then(loseAnswer())
                .then(answer(409, BLUE_AFTER_A_RECALL));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(DependencyFailed.class);
    }

    @Test
    void an_order_that_cannot_be_recalled_may_come_late_so_nobody_can_tell() {
        admin.then(answer(200, ALL_TO_BLUE)).then(loseAnswer()).then(answer(200, ALL_TO_BLUE));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void nobody_can_tell_who_serves_users_if_the_proxy_falls_silent_after_the_order() {
        admin.then(answer(200, ALL_TO_BLUE)).then(loseAnswer());

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void an_order_at_which_the_proxy_failed_is_recalled() {
        admin.then(answer(200, ALL_TO_BLUE)).then(answer(500, "")).then(answer(200, BLUE_AFTER_A_RECALL));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(DependencyFailed.class);
    }

    @Test
    void an_order_that_the_proxy_could_not_save_left_the_split_as_it_was() {
        admin.then(answer(200, ALL_TO_BLUE)).then(answer(500, "{\"error\":\"not saved\"}"));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("The split is as it was");
        assertThat(admin.calls()).containsExactly("GET /split", ORDER);
    }

    @Test
    void an_interrupt_does_not_keep_the_answer_to_an_order_from_its_giver() {
        admin.then(answer(200, ALL_TO_BLUE))
                .then(interrupt(Thread.currentThread(), answer(409, "{\"error\":\"unhealthy\"}")));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(MoveRefused.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
    }

    @Test
    void an_interrupt_does_not_keep_a_lost_order_from_being_recalled() {
        admin.then(answer(200, ALL_TO_BLUE))
                .then(interrupt(Thread.currentThread(), loseAnswer()))
                .then(loseAnswer())
                .then(answer(200, BLUE_AFTER_A_RECALL));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(DependencyFailed.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
        assertThat(admin.calls()).containsExactly("GET /split", ORDER, RECALL, RECALL);
    }

    @Test
    void an_interrupt_is_acted_on_once_the_order_is_answered() {
        admin.then(answer(200, ALL_TO_BLUE))
                .then(interrupt(Thread.currentThread(), answer(200, ALL_TO_GREEN)))
                .then(answer(200, ALL_TO_GREEN));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
    }

    @Test
    void a_lost_order_is_refused_when_it_comes_late() throws IOException {
        try (TestProxy proxy = new TestProxy(folder)) {
            admin.then(forward(proxy.admin())).then(loseAnswer()).then(forward(proxy.admin()));
            TrafficRouter loses = router(admin.address(), proxy.tokenFile());
            assertThatThrownBy(() -> loses.shift(Split.allTo(GREEN))).isInstanceOf(DependencyFailed.class);

            ProxyAdminClient.Answer late = new ProxyAdminClient(proxy.admin(), proxy.tokenFile())
                    .order(Split.allTo(GREEN), new VersionedSplit(Split.allTo(BLUE), 0));

            assertThat(late.error()).isEqualTo("changed");
            assertThat(loses.split()).isEqualTo(Split.allTo(BLUE));
        }
    }

    @Test
    void an_order_that_came_before_its_recall_is_done() {
        try (TestProxy proxy = new TestProxy(folder)) {
            TrafficRouter direct = router(proxy.admin(), proxy.tokenFile());
            admin.then(forward(proxy.admin()))
                    .then(call -> direct.shift(Split.allTo(GREEN)))
                    .then(forward(proxy.admin()));

            router(admin.address(), proxy.tokenFile()).shift(Split.allTo(GREEN));

            assertThat(direct.split()).isEqualTo(Split.allTo(GREEN));
        }
    }

    private static TrafficRouter router(URI admin, Path token) {
        return new ProxyRouter(new LocalConfig(admin, token));
    }
}
