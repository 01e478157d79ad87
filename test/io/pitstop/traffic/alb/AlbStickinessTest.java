package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.aws.FakeElb;
import io.pitstop.aws.Fault;
import io.pitstop.config.AlbConfig.Stickiness;
import io.pitstop.error.PitstopException;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupStickinessConfig;

/** Cookies keep users with the group that they got first. */
class AlbStickinessTest {
    private final FakeElb elb = new FakeElb();
    private final ElasticLoadBalancingV2Client stranger = elb.client();

    @AfterEach
    void stop() {
        stranger.close();
        elb.close();
    }

    @Test
    void stickiness_is_left_alone_by_default() {
        given(on(3600), 100, 0);

        router(Stickiness.WAIT).shift(Split.allTo(GREEN));

        assertThat(elb.isSticky()).isTrue();
        assertThat(stickiness().durationSeconds()).isEqualTo(3600);
    }

    @Test
    void users_whom_a_cookie_keeps_are_told() {
        TrafficRouter router = router(Stickiness.WAIT);
        assertThat(router.kept(GREEN)).isEmpty();

        given(on(3600), 100, 0);

        assertThat(router.kept(GREEN))
                .contains("users with a cookie stay on green for up to 3600 s after their last response");
    }

    @Test
    void stickiness_ends_with_the_last_share_and_begins_anew_with_the_next_release() {
        given(on(3600), 100, 0);
        TrafficRouter router = router(Stickiness.CANARY);

        router.shift(Split.giving(GREEN, 5));
        assertThat(elb.isSticky()).isTrue();
        router.shift(Split.allTo(GREEN));
        assertThat(elb.isSticky()).isFalse();
        router.shift(Split.giving(BLUE, 5));
        assertThat(elb.isSticky()).isTrue();
        router.shift(Split.allTo(GREEN));
        assertThat(elb.isSticky()).as("after a rollback too").isFalse();
    }

    @Test
    void stickiness_that_was_never_on_is_not_turned_on() {
        given(off(3600), 100, 0);
        TrafficRouter router = router(Stickiness.END);

        router.shift(Split.giving(GREEN, 5));

        assertThat(elb.isSticky()).isFalse();
        assertThat(stickiness().durationSeconds())
                .as("which Terraform gives beside enabled = false")
                .isEqualTo(3600);
    }

    @Test
    void cookies_that_could_not_be_ended_are_no_success_though_the_split_is_there() {
        given(on(3600), 0, 100);
        Fault fails = Fault.refused(500, "InternalFailure", "-");
        elb.then("ModifyListener", fails, fails, fails, fails);

        assertThatThrownBy(() -> router(Stickiness.END).shift(Split.allTo(GREEN)))
                .isInstanceOf(PitstopException.class);
        assertThat(elb.isSticky()).isTrue();
    }

    @Test
    void stickiness_that_ended_stays_off() {
        given(on(3600), 95, 5);
        TrafficRouter router = router(Stickiness.END);

        router.shift(Split.giving(GREEN, 50));
        assertThat(elb.isSticky()).as("until the last share is taken away").isTrue();
        router.shift(Split.allTo(GREEN));
        router.shift(Split.giving(BLUE, 5));

        assertThat(elb.isSticky()).isFalse();
    }

    @Test
    void stickiness_ends_where_the_weights_are_there_already() {
        given(on(3600), 100, 0);
        TrafficRouter router = router(Stickiness.END);

        router.shift(Split.allTo(BLUE));

        assertThat(elb.isSticky()).isFalse();
    }

    @Test
    void users_move_even_where_aws_does_not_let_stickiness_end() {
        given(on(3600), 100, 0);
        stranger.modifyTargetGroupAttributes(order ->
                order.targetGroupArn(elb.group(BLUE)).attributes(Albs.attribute("stickiness.enabled", "true")));
        TrafficRouter router = router(Stickiness.END);

        router.shift(Split.allTo(GREEN));

        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 0, GREEN, 100));
        assertThat(elb.isSticky()).isTrue();
    }

    @Test
    void a_canary_without_a_duration_keeps_nobody() {
        given(null, 100, 0);

        router(Stickiness.CANARY).shift(Split.giving(GREEN, 5));

        assertThat(elb.isSticky()).isFalse();
    }

    private void given(TargetGroupStickinessConfig sticky, int blue, int green) {
        stranger.modifyListener(
                Albs.order(elb.listener(), Albs.forward(sticky, elb.group(BLUE), blue, elb.group(GREEN), green)));
    }

    private TrafficRouter router(Stickiness stickiness) {
        return new AlbRouter(Albs.byArn(elb, stickiness), elb.aws(), InstantSource.system());
    }

    private TargetGroupStickinessConfig stickiness() {
        return stranger.describeListeners(asked -> asked.listenerArns(elb.listener()))
                .listeners()
                .get(0)
                .defaultActions()
                .get(0)
                .forwardConfig()
                .targetGroupStickinessConfig();
    }

    private static TargetGroupStickinessConfig on(int seconds) {
        return sticky(true, seconds);
    }

    /** As Terraform orders it for {@code enabled = false}. */
    private static TargetGroupStickinessConfig off(int seconds) {
        return sticky(false, seconds);
    }

    private static TargetGroupStickinessConfig sticky(boolean enabled, int seconds) {
        return TargetGroupStickinessConfig.builder()
                .enabled(enabled)
                .durationSeconds(seconds)
                .build();
    }
}
