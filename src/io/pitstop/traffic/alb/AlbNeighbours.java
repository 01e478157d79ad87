package io.pitstop.traffic.alb;

import io.pitstop.aws.AwsFailure;
import io.pitstop.release.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/**
 * The other listeners and rules of the load balancer that send requests to our target groups, such as a second host, or port
 * 80 beside port 443. Nobody moves their weights, so that a group without a share at our place has users by them.
 *
 * <p>A test listener is none of them: one that reaches a single group by whatever it does, on a port that no browser asks by
 * itself. Asks once, one call and one more for each listener, and remembers.
 */
final class AlbNeighbours {
    /** What users' browsers ask without being told. */
    private static final Set<Integer> PUBLIC_PORTS = Set.of(80, 443);

    private final AlbPlace place;
    private List<Neighbour> found;

    AlbNeighbours(AlbPlace place) {
        this.place = place;
    }

    /** @param groups ARNs that it sends requests to */
    private record Neighbour(String name, Set<String> groups) {}

    /**
     * Names each of them that sends requests to {@code colour}.
     *
     * @throws io.pitstop.error.DependencyFailed if AWS cannot be asked
     * @throws io.pitstop.error.InvalidConfig if it may not be
     */
    List<String> of(Colour colour) {
        if (found == null) {
            found = find();
        }
        return found.stream()
                .filter(neighbour -> neighbour.groups().contains(place.groups().of(colour)))
                .map(Neighbour::name)
                .toList();
    }

    private List<Neighbour> find() {
        try {
            return place
                    .elb()
                    .describeListenersPaginator(asked -> asked.loadBalancerArn(place.balancerArn()))
                    .listeners()
                    .stream()
                    .flatMap(listener -> find(listener).stream())
                    .toList();
        } catch (SdkException e) {
            throw AwsFailure.of("The other listeners and rules of " + place.balancerArn() + " cannot be read", e);
        }
    }

    private List<Neighbour> find(Listener listener) {
        List<Neighbour> all = new ArrayList<>();
        all.add(neighbour("the listener on port " + listener.port(), listener.defaultActions()));
        boolean isOurs = listener.listenerArn().equals(place.listener());
        if (isOurs && place.rule().isEmpty()) {
            all.clear();
        }
        for (Rule rule : place.elb()
                .describeRulesPaginator(asked -> asked.listenerArn(listener.listenerArn()))
                .rules()) {
            // The default rule is the listener's default action once more.
            if (!rule.isDefault()
                    && !place.rule().filter(rule.ruleArn()::equals).isPresent()) {
                all.add(neighbour("the rule " + rule.ruleArn(), rule.actions()));
            }
        }
        return !isOurs && isForTests(listener, all) ? List.of() : all;
    }

    private static boolean isForTests(Listener listener, List<Neighbour> all) {
        return !PUBLIC_PORTS.contains(listener.port())
                && all.stream()
                                .flatMap(each -> each.groups().stream())
                                .distinct()
                                .count()
                        == 1;
    }

    private Neighbour neighbour(String name, List<Action> actions) {
        Set<String> ours = Set.of(place.groups().blue(), place.groups().green());
        Set<String> reached = actions.stream()
                .flatMap(action -> AlbAction.tuples(action).stream())
                .filter(tuple -> tuple.weight() == null || tuple.weight() > 0)
                .map(TargetGroupTuple::targetGroupArn)
                .filter(ours::contains)
                .collect(Collectors.toSet());
        return new Neighbour(name, reached);
    }
}
