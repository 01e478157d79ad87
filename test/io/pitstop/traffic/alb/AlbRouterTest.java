package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.aws.FakeElb;
import io.pitstop.error.MoveRefused;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;

/** The listener forwards all requests to blue; green is idle and healthy. */
class AlbRouterTest {
    private final FakeElb elb = new FakeElb();
    private final TrafficRouter router = new AlbRouter(Albs.byArn(elb), elb.aws(), InstantSource.system());
    private final ElasticLoadBalancingV2Client stranger = elb.client();

    @AfterEach
    void stop() {
        stranger.close();
        elb.close();
    }

    @Test
    void a_shift_is_one_order_and_four_reads() {
        router.shift(Split.giving(GREEN, 5));

        assertThat(elb.calls())
                .containsExactly(
                        "DescribeListeners", // where users are
                        "DescribeTargetHealth", // of the colour that gets more
                        "DescribeListeners", // whether they are still there
                        "ModifyListener",
                        "DescribeListeners"); // whether it is as ordered
        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 95, GREEN, 5));
    }

    @Test
    void what_is_named_is_looked_for_once() {
        TrafficRouter named = new AlbRouter(Albs.named(), elb.aws(), InstantSource.system());

        named.shift(Split.giving(GREEN, 5));
        named.shift(Split.allTo(GREEN));

        assertThat(elb.calls()).containsOnlyOnce("DescribeLoadBalancers", "DescribeTargetGroups");
        assertThat(elb.orders()).isEqualTo(2);
    }

    @Test
    void weights_that_somebody_else_chose_are_understood_if_they_make_whole_percentages() {
        order(Albs.forward(elb.group(BLUE), 3, elb.group(GREEN), 1));
        assertThat(router.split()).isEqualTo(new Split(75));

        order(Albs.forward(elb.group(GREEN), 999));
        assertThat(router.split()).isEqualTo(Split.allTo(GREEN));

        order(Action.builder()
                .type(ActionTypeEnum.FORWARD)
                .targetGroupArn(elb.group(BLUE))
                .build());
        assertThat(router.split()).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void what_is_not_a_split_of_ours_is_told_as_it_is() {
        order(Albs.forward(elb.group(BLUE), 2, elb.group(GREEN), 1));
        assertUnknown("with weight 2 and", "with weight 1");

        order(Albs.forward(elb.group(BLUE), 0, elb.group(GREEN), 0));
        assertUnknown("with weight 0 and");

        String third = stranger.createTargetGroup(
                        group -> group.name("other").port(80).protocol("HTTP").targetType("ip"))
                .targetGroups()
                .get(0)
                .targetGroupArn();
        order(Albs.forward(elb.group(BLUE), 50, elb.group(GREEN), 50, third, 0));
        assertUnknown(third);
    }

    @Test
    void a_group_that_had_left_the_action_comes_back_with_the_order() {
        order(Albs.forward(elb.group(BLUE), 100));
        assertThat(router.health(GREEN).reason())
                .contains("unused")
                .contains("Target.NotInUse")
                .contains("let the action that splits users name their group, with weight 0");
        assertThatThrownBy(() -> router.shift(Split.giving(GREEN, 5))).isInstanceOf(MoveRefused.class);

        order(Albs.forward(elb.group(GREEN), 100, elb.group(BLUE), 0));
        router.shift(Split.allTo(BLUE));

        assertThat(router.health(GREEN).healthy()).as("it is still checked").isOne();
    }

    @Test
    void users_are_still_signed_in_before_they_are_forwarded() {
        Action signIn = Action.builder()
                .type(ActionTypeEnum.AUTHENTICATE_OIDC)
                .order(1)
                .authenticateOidcConfig(oidc -> oidc.issuer("https://id.example")
                        .authorizationEndpoint("https://id.example/a")
                        .tokenEndpoint("https://id.example/t")
                        .userInfoEndpoint("https://id.example/u")
                        .clientId("shop")
                        .clientSecret("hidden")
                        .sessionTimeout(3600L))
                .build();
        Action forward = Albs.forward(elb.group(BLUE), 100, elb.group(GREEN), 0).toBuilder()
                .order(2)
                .build();
        order(signIn, forward);
        Action before = actions(0);

        router.shift(Split.allTo(GREEN));

        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 0, GREEN, 100));
        assertThat(actions(0)).isEqualTo(before);
        assertThat(before.authenticateOidcConfig().clientId()).isEqualTo("shop");
    }

    @Test
    void nothing_is_measured() {
        assertThatThrownBy(() -> router.figures(BLUE)).isInstanceOf(UnsupportedOperationException.class);
    }

    private void assertUnknown(String... parts) {
        assertThatThrownBy(router::split).isInstanceOf(OutcomeUnknown.class).hasMessageContainingAll(parts);
    }

    private void order(Action... actions) {
        stranger.modifyListener(Albs.order(elb.listener(), actions));
    }

    private Action actions(int index) {
        return stranger.describeListeners(asked -> asked.listenerArns(elb.listener()))
                .listeners()
                .get(0)
                .defaultActions()
                .get(index);
    }
}
