package io.pitstop.traffic.alb;

import io.pitstop.aws.Aws;
import io.pitstop.aws.AwsFailure;
import io.pitstop.config.AlbConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/**
 * Looks at all that a switch on a load balancer needs: as whom we act, what we may do, the shape of the listener and of the
 * target groups. Changes nothing.
 */
public final class AlbExamination {
    private static final String GROUP_STICKINESS = "stickiness.enabled";

    /** Longer, and a dead target gets users for longer than a rollback takes. */
    private static final Duration SLOW_CHECK = Duration.ofMinutes(1);

    /** Longer, and contract waits for it, and so does every release after it. */
    private static final Duration LONG_DELAY = Duration.ofMinutes(10);

    /** How AWS refuses an order for its form, whoever gives it. */
    private static final Set<String> EMPTY_ORDER = Set.of("ValidationError", "ValidationException", "MissingParameter");

    private final AlbConfig alb;
    private final Aws aws;

    public AlbExamination(AlbConfig alb, Aws aws) {
        this.alb = alb;
        this.aws = aws;
    }

    /** All observations, the good ones too; what cannot be asked is a bad one. */
    public List<Observation> observe() {
        List<Observation> all = new ArrayList<>();
        all.add(look("aws", this::identity));
        AlbPlace place;
        try {
            place = new AlbFinder(aws.loadBalancing(), alb).find();
        } catch (PitstopException e) {
            all.add(Observation.bad("listener", e.getMessage(), e.hint()));
            return all;
        }
        all.add(look("listener", () -> shape(place)));
        all.add(look("permission", () -> permission(place)));
        all.add(look("neighbours", () -> neighbours(place)));
        for (Colour colour : Colour.values()) {
            all.add(look(colour + " group", () -> group(place, colour)));
            all.add(look(colour + " drain", () -> drain(place, colour)));
        }
        return all;
    }

    private Observation identity() {
        try (StsClient sts = aws.identity()) {
            GetCallerIdentityResponse who = sts.getCallerIdentity();
            return Observation.good("aws", "acts as " + who.arn());
        }
    }

    private static Observation shape(AlbPlace place) {
        AlbAction action = place.read();
        return Observation.good(
                "listener",
                place + " serves " + action.split()
                        + (action.isSticky()
                                ? ", and a cookie keeps users with their colour for "
                                        + action.cookie().toSeconds() + " s"
                                : ""));
    }

    /**
     * An order without any change. AWS leaves as it is whatever an order does not name, and refuses without permission before
     * it looks at anything else; that it takes one that names nothing is documented nowhere.
     */
    private static Observation permission(AlbPlace place) {
        try {
            if (place.rule().isPresent()) {
                place.elb().modifyRule(order -> order.ruleArn(place.rule().get()));
            } else {
                place.elb().modifyListener(order -> order.listenerArn(place.listener()));
            }
        } catch (SdkException e) {
            if (AwsFailure.code(e).filter(EMPTY_ORDER::contains).isPresent()) {
                return Observation.good(
                        "permission", "not checked: AWS takes no order without a change (" + AwsFailure.words(e) + ")");
            }
            throw e;
        }
        return Observation.good("permission", "may move its weights");
    }

    private static Observation neighbours(AlbPlace place) {
        AlbNeighbours neighbours = new AlbNeighbours(place);
        List<String> names = Stream.of(Colour.values())
                .flatMap(colour -> neighbours.of(colour).stream())
                .distinct()
                .toList();
        return names.isEmpty()
                ? Observation.good("neighbours", "nothing else of the load balancer sends users to these groups")
                : Observation.bad(
                        "neighbours",
                        String.join(" and ", names) + " too sends requests to these groups, and no switch moves them",
                        "Redirect them to " + place + ", or give them target groups of their own.");
    }

    private static Observation group(AlbPlace place, Colour colour) {
        String what = colour + " group";
        TargetGroup group = place.elb()
                .describeTargetGroups(
                        asked -> asked.targetGroupArns(place.groups().of(colour)))
                .targetGroups()
                .get(0);
        Duration unhealthyAfter =
                Duration.ofSeconds((long) group.healthCheckIntervalSeconds() * group.unhealthyThresholdCount());
        String detail = group.targetGroupName() + " is checked by " + group.healthCheckProtocolAsString() + " "
                + group.healthCheckPath() + " every " + group.healthCheckIntervalSeconds() + " s, healthy after "
                + group.healthyThresholdCount() + " good, unhealthy after " + group.unhealthyThresholdCount()
                + " bad ones";
        if (!Boolean.TRUE.equals(group.healthCheckEnabled())) {
            return Observation.bad(
                    what, group.targetGroupName() + " has no health check", "Switch its health check on.");
        }
        if (group.loadBalancerArns().isEmpty()) {
            return Observation.bad(
                    what,
                    group.targetGroupName() + " belongs to no load balancer, so that nobody checks its targets",
                    "Let the action of " + place + " name it, with weight 0.");
        }
        return unhealthyAfter.compareTo(SLOW_CHECK) > 0
                ? Observation.bad(
                        what,
                        detail + ": a dead target gets users for " + unhealthyAfter.toSeconds() + " s",
                        "Check more often, such as every 10 s, unhealthy after 2.")
                : Observation.good(what, detail);
    }

    private static Observation drain(AlbPlace place, Colour colour) {
        String what = colour + " drain";
        Map<String, String> attributes = place
                .elb()
                .describeTargetGroupAttributes(
                        asked -> asked.targetGroupArn(place.groups().of(colour)))
                .attributes()
                .stream()
                .collect(Collectors.toMap(TargetGroupAttribute::key, TargetGroupAttribute::value));
        Duration delay = Duration.ofSeconds(Long.parseLong(attributes.getOrDefault(AlbDrain.DELAY, "0")));
        String detail = "deregistration delay of " + delay.toSeconds() + " s"
                + ("true".equals(attributes.get(GROUP_STICKINESS)) ? ", sticky within the group" : "");
        if (delay.isZero()) {
            return Observation.bad(
                    what,
                    detail + ": requests in flight are cut when a target goes",
                    "Set it longer than the slowest request.");
        }
        return delay.compareTo(LONG_DELAY) > 0
                ? Observation.bad(
                        what,
                        detail + ": contract waits for it",
                        "Set it to little more than what the slowest request takes.")
                : Observation.good(what, detail);
    }

    private static Observation look(String what, Supplier<Observation> question) {
        try {
            return question.get();
        } catch (SdkException e) {
            PitstopException failure = AwsFailure.of("AWS refused to be asked for " + what, e);
            return Observation.bad(what, failure.getMessage(), failure.hint());
        } catch (PitstopException e) {
            return Observation.bad(what, e.getMessage(), e.hint());
        }
    }
}
