package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.FakeElb;
import io.pitstop.config.AlbConfig;
import io.pitstop.traffic.Drained;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;

/** All users of our place were moved from blue to green a day ago: blue would be drained if nothing else led to it. */
class AlbNeighboursTest {
    private final FakeElb elb = new FakeElb();
    private final ElasticLoadBalancingV2Client owner = elb.client();

    @AfterEach
    void stop() {
        owner.close();
        elb.close();
    }

    @Test
    void a_rule_for_another_host_keeps_a_colour_from_being_drained() {
        String rule = rule(elb.listener(), 1, Albs.forward(elb.group(BLUE), 100, elb.group(GREEN), 0));

        Drained blue = blue(Albs.byArn(elb));

        assertThat(blue.done()).isFalse();
        assertThat(blue.evidence()).contains("the rule " + rule + " too sends requests to " + elb.group(BLUE));
    }

    @Test
    void so_does_another_port_that_users_come_by() {
        listener(80, elb.group(BLUE));

        assertThat(blue(Albs.byArn(elb)).evidence()).contains("the listener on port 80 too");
    }

    @Test
    void so_does_the_default_action_beside_a_rule_that_is_ours() {
        String rule = rule(elb.listener(), 1, Albs.forward(elb.group(BLUE), 100, elb.group(GREEN), 0));
        AlbConfig ours = Albs.ruled(Albs.rule(rule, null, null, null));

        assertThat(blue(ours).evidence()).contains("the listener on port 443 too");
    }

    @Test
    void a_listener_that_splits_is_not_for_tests_on_whatever_port() {
        listener(8443, Albs.forward(elb.group(BLUE), 1, elb.group(GREEN), 1));

        assertThat(blue(Albs.byArn(elb)).done()).isFalse();
    }

    @Test
    void test_listeners_and_groups_of_others_and_weights_of_zero_do_not() {
        listener(9001, elb.group(BLUE));
        listener(9002, elb.group(GREEN));
        String other = owner.createTargetGroup(
                        group -> group.name("other").port(8080).protocol("HTTP").targetType("ip"))
                .targetGroups()
                .get(0)
                .targetGroupArn();
        listener(80, other);
        rule(elb.listener(), 1, Albs.forward(elb.group(BLUE), 0, elb.group(GREEN), 100));

        Drained blue = blue(Albs.byArn(elb));

        assertThat(blue.done()).as(blue.evidence()).isTrue();
    }

    @Test
    void the_last_of_many_is_found() {
        elb.pageSize(2);
        for (int priority = 1; priority < 6; priority++) {
            rule(elb.listener(), priority, Albs.forward(elb.group(GREEN), 1));
        }
        String last = rule(elb.listener(), 6, Albs.forward(elb.group(BLUE), 1));

        assertThat(blue(Albs.byArn(elb)).evidence()).contains(last);
    }

    @Test
    void the_others_are_asked_for_once_and_not_by_a_shift() {
        TrafficRouter router = moved(Albs.byArn(elb));
        assertThat(elb.calls()).doesNotContain("DescribeRules");

        for (int look = 0; look < 3; look++) {
            assertThat(router.drained(BLUE, elb.now()).done()).isFalse();
        }

        assertThat(elb.calls()).containsOnlyOnce("DescribeRules");
        assertThat(elb.calls().stream().filter("DescribeListeners"::equals))
                .as("three of the shift, one of each look, and one for all others")
                .hasSize(3 + 3 + 1);
    }

    private Drained blue(AlbConfig alb) {
        TrafficRouter router = moved(alb);
        Instant since = elb.now();
        elb.pass(Duration.ofDays(1));
        return router.drained(BLUE, since);
    }

    private TrafficRouter moved(AlbConfig alb) {
        TrafficRouter router = new AlbRouter(alb, elb.aws(), elb::now);
        router.shift(Split.allTo(GREEN));
        return router;
    }

    private void listener(int port, String group) {
        listener(port, Action.builder().type("forward").targetGroupArn(group).build());
    }

    private void listener(int port, Action action) {
        owner.createListener(http ->
                http.loadBalancerArn(elb.balancer()).port(port).protocol("HTTP").defaultActions(action));
    }

    private String rule(String listener, int priority, Action action) {
        return owner.createRule(
                        rule -> rule.listenerArn(listener).priority(priority).actions(action))
                .rules()
                .get(0)
                .ruleArn();
    }
}
