package io.pitstop.traffic.alb;

import io.pitstop.aws.FakeElb;
import io.pitstop.config.AlbConfig;
import io.pitstop.config.AlbConfig.Stickiness;
import io.pitstop.config.PerColour;
import io.pitstop.release.Colour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupStickinessConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/** Settings of {@code traffic.alb}, and actions as a stranger would order them. */
final class Albs {
    /** Short, since tests have answers that never come. */
    static final Duration WITHIN = Duration.ofMillis(1200);

    private Albs() {}

    /** The load balancer and target groups of {@link FakeElb}, by their names. */
    static AlbConfig named() {
        return new AlbConfig(
                Optional.empty(),
                Optional.of("shop"),
                Map.of(),
                443,
                Optional.empty(),
                new PerColour("shop-blue", "shop-green"),
                Stickiness.WAIT,
                WITHIN);
    }

    static AlbConfig balancer(String nameOrArn, int port) {
        AlbConfig alb = named();
        return new AlbConfig(
                alb.listener(),
                Optional.of(nameOrArn),
                alb.tags(),
                port,
                alb.rule(),
                alb.targetGroups(),
                alb.stickiness(),
                alb.within());
    }

    static AlbConfig groups(String blue, String green) {
        AlbConfig alb = named();
        return new AlbConfig(
                alb.listener(),
                alb.loadBalancer(),
                alb.tags(),
                alb.listenerPort(),
                alb.rule(),
                new PerColour(blue, green),
                alb.stickiness(),
                alb.within());
    }

    /** All by ARN, so that nothing has to be looked for. */
    static AlbConfig byArn(FakeElb elb) {
        return byArn(elb, Stickiness.WAIT);
    }

    static AlbConfig byArn(FakeElb elb, Stickiness stickiness) {
        return new AlbConfig(
                Optional.of(elb.listener()),
                Optional.empty(),
                Map.of(),
                443,
                Optional.empty(),
                new PerColour(elb.group(Colour.BLUE), elb.group(Colour.GREEN)),
                stickiness,
                WITHIN);
    }

    /** The rule that has all of {@code wanted}. */
    static AlbConfig ruled(AlbConfig.Rule wanted) {
        AlbConfig alb = named();
        return new AlbConfig(
                alb.listener(),
                alb.loadBalancer(),
                alb.tags(),
                alb.listenerPort(),
                Optional.of(wanted),
                alb.targetGroups(),
                alb.stickiness(),
                alb.within());
    }

    static AlbConfig.Rule rule(String arn, Integer priority, String host, String path) {
        return new AlbConfig.Rule(
                Optional.ofNullable(arn),
                Optional.ofNullable(priority),
                Optional.ofNullable(host),
                Optional.ofNullable(path));
    }

    static AlbConfig tagged(Map<String, String> tags) {
        AlbConfig alb = named();
        return new AlbConfig(
                alb.listener(),
                Optional.empty(),
                tags,
                alb.listenerPort(),
                alb.rule(),
                alb.targetGroups(),
                alb.stickiness(),
                alb.within());
    }

    static ModifyListenerRequest order(String listener, Action... actions) {
        return ModifyListenerRequest.builder()
                .listenerArn(listener)
                .defaultActions(actions)
                .build();
    }

    static Action action(String type) {
        return Action.builder().type(type).build();
    }

    /** @param weights ARN and weight of each group in turn */
    static Action forward(Object... weights) {
        return forward((TargetGroupStickinessConfig) null, weights);
    }

    /** @param sticky seconds; null for none */
    static Action forward(Integer sticky, Object... weights) {
        return forward(
                sticky == null
                        ? null
                        : TargetGroupStickinessConfig.builder()
                                .enabled(true)
                                .durationSeconds(sticky)
                                .build(),
                weights);
    }

    /** @param sticky null for none */
    static Action forward(TargetGroupStickinessConfig sticky, Object... weights) {
        List<TargetGroupTuple> tuples = Stream.iterate(0, at -> at < weights.length, at -> at + 2)
                .map(at -> TargetGroupTuple.builder()
                        .targetGroupArn((String) weights[at])
                        .weight((Integer) weights[at + 1])
                        .build())
                .toList();
        return Action.builder()
                .type(ActionTypeEnum.FORWARD)
                .forwardConfig(ForwardActionConfig.builder()
                        .targetGroups(tuples)
                        .targetGroupStickinessConfig(sticky)
                        .build())
                .build();
    }

    static TargetGroupAttribute attribute(String key, String value) {
        return TargetGroupAttribute.builder().key(key).value(value).build();
    }

    static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    static TargetDescription target(String id) {
        return TargetDescription.builder().id(id).build();
    }
}
