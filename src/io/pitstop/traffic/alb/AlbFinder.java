package io.pitstop.traffic.alb;

import io.pitstop.aws.AwsFailure;
import io.pitstop.config.AlbConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.release.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** Finds on AWS what {@code traffic.alb} names: exactly one of each, or it says how many there are. */
final class AlbFinder {
    private static final int MOST_ARNS = 20; // that DescribeTags takes

    private final ElasticLoadBalancingV2Client elb;
    private final AlbConfig alb;

    AlbFinder(ElasticLoadBalancingV2Client elb, AlbConfig alb) {
        this.elb = elb;
        this.alb = alb;
    }

    /**
     * @throws InvalidConfig if something is not there, or is there more than once
     * @throws io.pitstop.error.DependencyFailed if AWS cannot be asked
     */
    AlbPlace find() {
        try {
            String listener = alb.listener().orElseGet(() -> listener(balancer()));
            return new AlbPlace(elb, listener, alb.rule().map(rule -> rule(listener, rule)), groups());
        } catch (SdkException e) {
            if (AwsFailure.code(e).filter(code -> code.endsWith("NotFound")).isPresent()) {
                throw new InvalidConfig(
                        "AWS does not know what traffic.alb names: " + AwsFailure.words(e) + ".",
                        "Correct traffic.alb, or aws.region and aws.role.",
                        e);
            }
            throw AwsFailure.of("The load balancer cannot be found", e);
        }
    }

    private String balancer() {
        if (alb.loadBalancer().isEmpty()) {
            return tagged();
        }
        String named = alb.loadBalancer().get();
        return isArn(named)
                ? named
                : only(
                        "load balancer named " + named,
                        elb.describeLoadBalancersPaginator(asked -> asked.names(named)).loadBalancers().stream()
                                .map(LoadBalancer::loadBalancerArn)
                                .toList());
    }

    private String tagged() {
        List<String> all = elb.describeLoadBalancersPaginator().loadBalancers().stream()
                .map(LoadBalancer::loadBalancerArn)
                .toList();
        List<String> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MOST_ARNS) {
            List<String> some = all.subList(from, Math.min(all.size(), from + MOST_ARNS));
            elb.describeTags(asked -> asked.resourceArns(some)).tagDescriptions().stream()
                    .filter(described ->
                            tags(described).entrySet().containsAll(alb.tags().entrySet()))
                    .map(TagDescription::resourceArn)
                    .forEach(found::add);
        }
        return only("load balancer with tags " + alb.tags(), found);
    }

    private static Map<String, String> tags(TagDescription described) {
        return described.tags().stream().collect(Collectors.toMap(Tag::key, tag -> String.valueOf(tag.value())));
    }

    private String listener(String balancer) {
        return only(
                "listener on port " + alb.listenerPort() + " of " + balancer,
                elb.describeListenersPaginator(asked -> asked.loadBalancerArn(balancer)).listeners().stream()
                        .filter(listener -> Integer.valueOf(alb.listenerPort()).equals(listener.port()))
                        .map(Listener::listenerArn)
                        .toList());
    }

    private String rule(String listener, AlbConfig.Rule wanted) {
        if (wanted.arn().isPresent()
                && wanted.priority().isEmpty()
                && wanted.host().isEmpty()
                && wanted.path().isEmpty()) {
            return wanted.arn().get();
        }
        List<Rule> found = elb.describeRulesPaginator(asked -> asked.listenerArn(listener)).rules().stream()
                .filter(rule -> !rule.isDefault() && matches(rule, wanted))
                .toList();
        return only(
                "rule of " + listener + " as traffic.alb.rule describes",
                found.stream().map(Rule::ruleArn).toList());
    }

    private static boolean matches(Rule rule, AlbConfig.Rule wanted) {
        return holds(wanted.arn(), rule.ruleArn()::equals)
                && holds(wanted.priority().map(String::valueOf), rule.priority()::equals)
                && holds(wanted.host(), host -> values(rule, "host-header").anyMatch(host::equalsIgnoreCase))
                && holds(wanted.path(), path -> values(rule, "path-pattern").anyMatch(path::equals));
    }

    private static boolean holds(Optional<String> wanted, Predicate<String> is) {
        return wanted.isEmpty() || is.test(wanted.get());
    }

    /** Both forms in which AWS tells the values of a condition. */
    private static Stream<String> values(Rule rule, String field) {
        return rule.conditions().stream()
                .filter(condition -> field.equals(condition.field()))
                .flatMap(condition -> Stream.concat(condition.values().stream(), configured(condition)))
                .distinct();
    }

    private static Stream<String> configured(RuleCondition condition) {
        Stream<String> hosts =
                condition.hostHeaderConfig() == null ? Stream.empty() : condition.hostHeaderConfig().values().stream();
        Stream<String> paths = condition.pathPatternConfig() == null
                ? Stream.empty()
                : condition.pathPatternConfig().values().stream();
        return Stream.concat(hosts, paths);
    }

    private TargetGroups groups() {
        List<String> named = Stream.of(
                        alb.targetGroups().blue(), alb.targetGroups().green())
                .filter(group -> !isArn(group))
                .toList();
        Map<String, String> arns = named.isEmpty()
                ? Map.of()
                : elb.describeTargetGroupsPaginator(asked -> asked.names(named)).targetGroups().stream()
                        .collect(Collectors.toMap(TargetGroup::targetGroupName, TargetGroup::targetGroupArn));
        TargetGroups groups = new TargetGroups(arn(Colour.BLUE, arns), arn(Colour.GREEN, arns));
        if (groups.blue().equals(groups.green())) {
            throw new InvalidConfig(
                    alb.targetGroups().blue() + " and " + alb.targetGroups().green()
                            + " are one and the same target group.",
                    "Correct traffic.alb.targetGroups: each colour has one of its own.");
        }
        return groups;
    }

    private String arn(Colour colour, Map<String, String> arns) {
        String group = colour == Colour.BLUE
                ? alb.targetGroups().blue()
                : alb.targetGroups().green();
        return isArn(group)
                ? group
                : only(
                        "target group named " + group,
                        Optional.ofNullable(arns.get(group)).stream().toList());
    }

    private static boolean isArn(String text) {
        return text.startsWith("arn:");
    }

    private static String only(String what, List<String> found) {
        if (found.size() != 1) {
            throw new InvalidConfig(
                    "AWS knows " + (found.isEmpty() ? "no " : found.size() + " times a ") + what + ".",
                    "Correct traffic.alb, or aws.region and aws.role.");
        }
        return found.get(0);
    }
}
