package io.pitstop.aws;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.release.Colour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;

/** The load balancer that our tests trust is one that AWS would recognise. */
class FakeElbTest {
    private final FakeElb elb = new FakeElb();
    private final ElasticLoadBalancingV2Client client = elb.client();

    @AfterEach
    void stop() {
        client.close();
        elb.close();
    }

    @Test
    void weights_are_0_to_999_of_at_most_five_groups_that_exist() {
        refused("ValidationError", tuple(elb.group(BLUE), -1));
        refused("ValidationError", tuple(elb.group(BLUE), 1000));
        refused("ValidationError", tuple(elb.group(BLUE), 1), tuple(elb.group(BLUE), 2));
        refused("TargetGroupNotFound", tuple(elb.group(BLUE) + "0", 1));
        refused(
                "ValidationError",
                IntStream.range(0, 6)
                        .mapToObj(number -> tuple(group("more-" + number), 1))
                        .toArray(TargetGroupTuple[]::new));
        refused("ValidationError");
    }

    @Test
    void what_is_not_there_is_not_found() {
        assertCode("ListenerNotFound", () -> client.describeListeners(asked -> asked.listenerArns("arn:none")));
        assertCode("LoadBalancerNotFound", () -> client.describeLoadBalancers(asked -> asked.names("none")));
        assertCode("TargetGroupNotFound", () -> client.describeTargetGroups(asked -> asked.names("none")));
        assertCode(
                "RuleNotFound",
                () -> client.modifyRule(
                        order -> order.ruleArn("arn:none").actions(forward(tuple(elb.group(BLUE), 1)))));
    }

    @Test
    void an_action_with_one_group_is_told_in_both_forms() {
        client.modifyListener(order -> order.listenerArn(elb.listener())
                .defaultActions(Action.builder()
                        .type(ActionTypeEnum.FORWARD)
                        .targetGroupArn(elb.group(GREEN))
                        .build()));

        Action told = listener().defaultActions().get(0);
        assertThat(told.targetGroupArn()).isEqualTo(elb.group(GREEN));
        assertThat(told.forwardConfig().targetGroups()).containsExactly(tuple(elb.group(GREEN), 1));
        assertThat(told.forwardConfig().targetGroupStickinessConfig().enabled()).isFalse();
        assertThat(client.describeRules(asked -> asked.listenerArn(elb.listener()))
                        .rules()
                        .get(0)
                        .actions())
                .containsExactly(told);
    }

    @Test
    void the_last_action_has_to_end_the_request() {
        assertCode(
                "InvalidLoadBalancerAction",
                () -> client.modifyListener(order -> order.listenerArn(elb.listener())
                        .defaultActions(Action.builder()
                                .type(ActionTypeEnum.AUTHENTICATE_COGNITO)
                                .build())));
    }

    @Test
    void targets_of_a_group_with_a_share_of_nothing_are_checked_those_of_one_without_a_listener_are_not() {
        assertThat(states(elb.group(GREEN))).containsExactly("healthy");
        String lone = group("lone");
        client.registerTargets(order -> order.targetGroupArn(lone).targets(target("10.0.0.1", null)));

        assertThat(states(lone)).containsExactly("unused");
    }

    @Test
    void a_target_is_initial_then_healthy_and_drains_for_as_long_as_its_group_says() {
        elb.firstChecksTake(Duration.ofSeconds(10));
        elb.pass(Duration.ofSeconds(20));
        client.registerTargets(order -> order.targetGroupArn(elb.group(GREEN)).targets(target("green-2", null)));
        assertThat(states(elb.group(GREEN))).containsExactly("healthy", "initial");

        elb.pass(Duration.ofSeconds(10));
        assertThat(states(elb.group(GREEN))).containsExactly("healthy", "healthy");

        client.deregisterTargets(order -> order.targetGroupArn(elb.group(GREEN)).targets(target("green-2", null)));
        elb.pass(Duration.ofSeconds(299));
        assertThat(states(elb.group(GREEN))).containsExactly("healthy", "draining");
        elb.pass(Duration.ofSeconds(1));
        assertThat(states(elb.group(GREEN))).containsExactly("healthy");
    }

    @Test
    void a_target_on_a_port_of_its_own_stays_if_it_is_deregistered_without_it() {
        client.registerTargets(order -> order.targetGroupArn(elb.group(GREEN)).targets(target("green-2", 9000)));

        client.deregisterTargets(order -> order.targetGroupArn(elb.group(GREEN)).targets(target("green-2", null)));
        assertThat(states(elb.group(GREEN))).containsExactly("healthy", "healthy");

        client.deregisterTargets(order -> order.targetGroupArn(elb.group(GREEN)).targets(target("green-2", 9000)));
        assertThat(states(elb.group(GREEN))).containsExactly("healthy", "draining");
    }

    @Test
    void with_no_healthy_target_it_fails_open() {
        elb.register(BLUE, "blue-2", 8080);
        elb.find(BLUE, "unhealthy", "Target.Timeout");
        assertThat(elb.receiving()).containsExactly("blue-1", "blue-2");

        elb.find(BLUE, "healthy", null);
        elb.register(BLUE, "blue-3", 8080);
        elb.firstChecksTake(Duration.ofHours(1));
        assertThat(elb.receiving()).containsExactly("blue-1", "blue-2");
    }

    @Test
    void targets_cannot_be_sticky_behind_groups_that_are_not() {
        assertCode("InvalidConfigurationRequest", () -> setAttribute("stickiness.enabled", "true"));
        assertCode("ValidationError", () -> setAttribute("deregistration_delay.timeout_seconds", "3601"));
        assertCode("ValidationError", () -> setAttribute("no.such.thing", "1"));
    }

    @Test
    void a_default_rule_is_changed_by_its_listener_only() {
        String rule = client.describeRules(asked -> asked.listenerArn(elb.listener()))
                .rules()
                .get(0)
                .ruleArn();

        assertCode(
                "OperationNotPermitted",
                () -> client.modifyRule(order -> order.ruleArn(rule).actions(forward(tuple(elb.group(BLUE), 1)))));
    }

    @Test
    void long_answers_come_in_pages() {
        IntStream.range(0, 5).forEach(number -> group("more-" + number));
        elb.pageSize(2);

        assertThat(client.describeTargetGroups().targetGroups()).hasSize(2);
        assertThat(client.describeTargetGroupsPaginator().targetGroups().stream()
                        .map(TargetGroup::targetGroupName))
                .hasSize(7)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_hop_loses_the_answer_to_what_was_done() {
        try (Hop hop = new Hop(elb.address());
                ElasticLoadBalancingV2Client away = FakeElb.aws(hop.address()).loadBalancing()) {
            Fault lost = Fault.lostAfter();
            hop.then("ModifyListener", lost, lost, lost, lost, lost, lost, lost, lost);

            assertThatThrownBy(() -> away.modifyListener(order ->
                            order.listenerArn(elb.listener()).defaultActions(forward(tuple(elb.group(GREEN), 1)))))
                    .isInstanceOf(SdkClientException.class);
            assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 0, GREEN, 1));
            assertThat(hop.calls())
                    .as("the JDK does not repeat what the SDK repeats")
                    .hasSize(Aws.ATTEMPTS);
            assertThat(away.describeListeners(asked -> asked.listenerArns(elb.listener()))
                            .listeners())
                    .hasSize(1);
        }
    }

    private void setAttribute(String key, String value) {
        client.modifyTargetGroupAttributes(order -> order.targetGroupArn(elb.group(BLUE))
                .attributes(TargetGroupAttribute.builder().key(key).value(value).build()));
    }

    private void refused(String code, TargetGroupTuple... tuples) {
        assertCode(
                code,
                () -> client.modifyListener(
                        order -> order.listenerArn(elb.listener()).defaultActions(forward(tuples))));
        assertThat(elb.weights().get(Colour.BLUE)).isEqualTo(100);
    }

    private static void assertCode(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(ElasticLoadBalancingV2Exception.class, refusal -> assertThat(
                                refusal.awsErrorDetails().errorCode())
                        .isEqualTo(code));
    }

    private String group(String name) {
        return client.createTargetGroup(
                        group -> group.name(name).port(80).protocol("HTTP").targetType("ip"))
                .targetGroups()
                .get(0)
                .targetGroupArn();
    }

    private Listener listener() {
        return client.describeListeners(asked -> asked.listenerArns(elb.listener()))
                .listeners()
                .get(0);
    }

    private List<String> states(String group) {
        return client.describeTargetHealth(asked -> asked.targetGroupArn(group)).targetHealthDescriptions().stream()
                .map(TargetHealthDescription::targetHealth)
                .map(health -> health.stateAsString())
                .toList();
    }

    private static TargetDescription target(String id, Integer port) {
        return TargetDescription.builder().id(id).port(port).build();
    }

    private static TargetGroupTuple tuple(String group, int weight) {
        return TargetGroupTuple.builder().targetGroupArn(group).weight(weight).build();
    }

    private static Action forward(TargetGroupTuple... tuples) {
        return Action.builder()
                .type(ActionTypeEnum.FORWARD)
                .forwardConfig(
                        ForwardActionConfig.builder().targetGroups(tuples).build())
                .build();
    }
}
