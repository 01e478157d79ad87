package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.aws.FakeElb;
import io.pitstop.config.AlbConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;

/**
 * Load balancer shop forwards all requests to blue, but for two rules: those for shop.example are at 30 to 70, those for
 * /admin at 10 to 90. A second one, named other, has a listener on port 80. Answers come in pages of one.
 */
class AlbFinderTest {
    private final FakeElb elb = new FakeElb();
    private final ElasticLoadBalancingV2Client owner = elb.client();
    private String hostRule;
    private String pathRule;

    @BeforeEach
    void build() {
        hostRule = rule(10, "host-header", "shop.example", 30);
        pathRule = rule(20, "path-pattern", "/admin/*", 10);
        String other = owner.createLoadBalancer(
                        balancer -> balancer.name("other").tags(Albs.tag("application", "other")))
                .loadBalancers()
                .get(0)
                .loadBalancerArn();
        owner.createListener(http -> http.loadBalancerArn(other)
                .port(80)
                .protocol("HTTP")
                .defaultActions(Albs.forward(elb.group(BLUE), 1, elb.group(GREEN), 1)));
        elb.pageSize(1);
    }

    @AfterEach
    void stop() {
        owner.close();
        elb.close();
    }

    @Test
    void a_load_balancer_is_found_by_its_name_or_arn_or_tags() {
        assertThat(split(Albs.named())).isEqualTo(Split.allTo(BLUE));
        assertThat(split(Albs.balancer(elb.balancer(), 443))).isEqualTo(Split.allTo(BLUE));
        assertThat(split(Albs.balancer("other", 80))).isEqualTo(new Split(50));
        assertThat(split(Albs.tagged(Map.of("application", "shop")))).isEqualTo(Split.allTo(BLUE));
    }

    @Test
    void a_rule_is_found_by_all_that_is_said_of_it() {
        assertThat(split(Albs.ruled(Albs.rule(null, 10, null, null)))).isEqualTo(new Split(30));
        assertThat(split(Albs.ruled(Albs.rule(null, null, "SHOP.example", null))))
                .isEqualTo(new Split(30));
        assertThat(split(Albs.ruled(Albs.rule(null, null, null, "/admin/*")))).isEqualTo(new Split(10));
        assertThat(split(Albs.ruled(Albs.rule(pathRule, null, null, null)))).isEqualTo(new Split(10));
        assertThat(split(Albs.ruled(Albs.rule(hostRule, 10, "shop.example", null))))
                .isEqualTo(new Split(30));
    }

    @Test
    void users_of_a_rule_move_and_nobody_else_does() {
        router(Albs.ruled(Albs.rule(null, null, "shop.example", null))).shift(Split.allTo(GREEN));

        assertThat(elb.weights(hostRule)).isEqualTo(Map.of(BLUE, 0, GREEN, 100));
        assertThat(elb.weights(pathRule)).isEqualTo(Map.of(BLUE, 10, GREEN, 90));
        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 100, GREEN, 0));
    }

    @Test
    void what_is_not_there_is_named() {
        assertInvalid(Albs.balancer("none", 443), "LoadBalancerNotFound");
        assertInvalid(Albs.balancer("shop", 8443), "no listener on port 8443");
        assertInvalid(Albs.tagged(Map.of("application", "none")), "no load balancer with tags {application=none}");
        assertInvalid(Albs.ruled(Albs.rule(null, 11, null, null)), "no rule of");
        assertInvalid(Albs.ruled(Albs.rule(null, 10, null, "/admin/*")), "no rule of");
    }

    @Test
    void one_group_cannot_be_both_colours() {
        assertInvalid(Albs.groups("shop-blue", elb.group(BLUE)), "are one and the same target group");
    }

    @Test
    void what_is_there_twice_is_not_guessed() {
        owner.addTags(added -> added.resourceArns(elb.balancer()).tags(Albs.tag("application", "other")));

        assertInvalid(Albs.tagged(Map.of("application", "other")), "2 times a load balancer");
    }

    private void assertInvalid(AlbConfig alb, String part) {
        assertThatThrownBy(() -> split(alb))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(part)
                .satisfies(e -> assertThat(((PitstopException) e).hint()).contains("Correct traffic.alb"));
    }

    private Split split(AlbConfig alb) {
        return router(alb).split();
    }

    private TrafficRouter router(AlbConfig alb) {
        return new AlbRouter(alb, elb.aws(), InstantSource.system());
    }

    private String rule(int priority, String field, String value, int blue) {
        RuleCondition condition =
                RuleCondition.builder().field(field).values(value).build();
        return owner.createRule(rule -> rule.listenerArn(elb.listener())
                        .priority(priority)
                        .conditions(condition)
                        .actions(Albs.forward(elb.group(BLUE), blue, elb.group(GREEN), 100 - blue)))
                .rules()
                .get(0)
                .ruleArn();
    }
}
