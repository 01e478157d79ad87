package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.aws.FakeElb;
import io.pitstop.aws.Fault;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;

/** One order at a load balancer that forwards all requests to blue, and what becomes of it; green is idle and healthy. */
class AlbOrderTest {
    private final FakeElb elb = new FakeElb();
    private final TrafficRouter router = new AlbRouter(Albs.byArn(elb), elb.aws(), InstantSource.system());
    private final ElasticLoadBalancingV2Client stranger = elb.client();

    @AfterEach
    void stop() {
        stranger.close();
        elb.close();
    }

    @Test
    void an_answer_that_is_behind_is_waited_for() {
        elb.staleReads(() -> 2);

        router.shift(Split.allTo(GREEN));

        assertThat(elb.orders()).isOne();
        assertThat(elb.calls().stream().filter("DescribeListeners"::equals)).hasSize(5);
    }

    @Test
    void an_answer_that_stays_behind_is_no_success() {
        elb.staleReads(() -> 1000);

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("AWS accepted blue 0 %, green 100 %")
                .hasMessageContaining("serves blue 100 %, green 0 % after 1 s as before");
    }

    @Test
    void a_split_that_nobody_ordered_here_is_not_fought() {
        elb.then("DescribeTargetHealth", Fault.after(() -> strangerMovesTo(30), Fault.none()));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("served blue 100 %, green 0 %, and a moment later blue 30 %, green 70 %");
        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 30, GREEN, 70));
    }

    @Test
    void an_answer_that_is_behind_is_not_taken_for_a_split_that_is_there() {
        elb.staleReads(() -> 2);
        elb.weigh(0, 100);

        assertThatThrownBy(() -> router.shift(Split.allTo(BLUE)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("served blue 100 %, green 0 %, and a moment later blue 0 %, green 100 %");
    }

    @Test
    void a_writer_who_comes_after_the_order_is_noticed() {
        elb.then("DescribeListeners", Fault.none(), Fault.none(), Fault.after(() -> strangerMovesTo(30), Fault.none()));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("serves blue 30 %, green 70 %");
    }

    @Test
    void an_order_that_is_refused_leaves_the_split_as_it_was() {
        elb.then("ModifyListener", Fault.denied());

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("the split is as it was: AccessDenied");
        assertThat(elb.calls()).endsWith("ModifyListener");
    }

    @Test
    void throttled_orders_and_lost_answers_are_tried_again() {
        elb.then("ModifyListener", Fault.throttled(), Fault.lostAfter(), Fault.refused(503, "ServiceUnavailable", "-"));

        router.shift(Split.allTo(GREEN));

        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 0, GREEN, 100));
    }

    @Test
    void an_order_at_which_aws_fails_for_good_is_a_failure_if_nothing_has_moved() {
        Fault fails = Fault.refused(500, "InternalFailure", "-");
        elb.then("ModifyListener", fails, fails, fails, fails);

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("The split is as it was: blue 100 %, green 0 %");
    }

    @Test
    void an_order_at_which_aws_fails_after_it_was_taken_is_done() {
        Fault fails = Fault.refused(500, "InternalFailure", "-");
        elb.then("ModifyListener", Fault.failedAfter(500), fails, fails, fails);

        router.shift(Split.allTo(GREEN));

        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 0, GREEN, 100));
    }

    @Test
    void a_refusal_after_a_lost_answer_proves_nothing() {
        elb.then("ModifyListener", Fault.lostAfter(), Fault.denied(), Fault.denied());

        router.shift(Split.allTo(GREEN));

        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 0, GREEN, 100));
    }

    @Test
    void an_order_that_may_come_yet_is_unknown() {
        elb.chance(action -> action.equals("ModifyListener") ? Fault.lostBefore() : Fault.none());

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("the order may come yet");
    }

    @Test
    void what_a_proxy_on_the_way_says_does_not_tell_that_an_order_was_not_carried_out() {
        for (int status : new int[] {408, 502, 504}) {
            Fault gateway = Fault.refused(status, "Gateway", "-");
            elb.then("ModifyListener", gateway, gateway, gateway, gateway);

            assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                    .as("status " + status)
                    .isInstanceOf(OutcomeUnknown.class)
                    .hasMessageContaining("the order may come yet");
        }
    }

    @Test
    void a_split_that_cannot_be_read_after_the_order_is_unknown() {
        elb.then("ModifyListener", Fault.after(this::silence, Fault.none()));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN)))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("whether it is served cannot be read");
        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 0, GREEN, 100));
    }

    @Test
    void an_interrupt_is_acted_on_once_the_outcome_is_known() {
        Thread caller = Thread.currentThread();
        elb.staleReads(() -> 1);
        elb.then("ModifyListener", Fault.after(caller::interrupt, Fault.none()));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(Interrupted.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
        assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
        assertThat(elb.orders()).isOne();
    }

    @Test
    void an_interrupt_does_not_hide_what_went_wrong() {
        elb.then("ModifyListener", Fault.after(Thread.currentThread()::interrupt, Fault.denied()));

        assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(InvalidConfig.class);

        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
    }

    private void silence() {
        elb.chance(action -> Fault.lostBefore());
    }

    private void strangerMovesTo(int blue) {
        order(Albs.forward(elb.group(BLUE), blue, elb.group(GREEN), 100 - blue));
    }

    private void order(Action... actions) {
        stranger.modifyListener(Albs.order(elb.listener(), actions));
    }
}
