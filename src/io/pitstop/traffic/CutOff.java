package io.pitstop.traffic;

import io.pitstop.jtf.Action;
import io.pitstop.jtf.Attribute;
import io.pitstop.jtf.Change;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a change of the load balancer, or of the way to it, may do to users although the split stays as it is. */
final class CutOff {
    private static final Pattern LABELS = Pattern.compile("(tags|tags_all|description)\\b.*");

    /** What may be changed while users are on it; all else of these types may cut them off. */
    private static final Map<String, Pattern> HARMLESS = Map.of(
            "listener", Pattern.compile("tcp_idle_timeout_seconds"),
            "listener_rule", Pattern.compile("id"),
            "target_group", Pattern.compile("deregistration_delay|slow_start|load_balancing_algorithm_type"),
            "", // the load balancer itself
                    Pattern.compile("idle_timeout|client_keep_alive|enable_deletion_protection"
                            + "|(access_logs|connection_logs)\\b.*"));

    private static final Pattern BALANCING = Pattern.compile("aws_a?lb_?(|listener|listener_rule|target_group)");
    private static final Pattern WAY = Pattern.compile("aws_(security_group_rule|vpc_security_group_(in|e)gress_rule"
            + "|network_acl.*|route|route_table.*|internet_gateway.*|subnet|wafv2_web_acl_association|route53_record"
            + "|a?lb_listener_certificate)");
    private static final Pattern INLINE_RULES = Pattern.compile("(in|e)gress\\b.*");

    /** What takes requests away from what was there before. */
    private static final Pattern GETS_BETWEEN =
            Pattern.compile("aws_(a?lb_listener_rule|network_acl_rule|wafv2_web_acl_association)");

    /** What a process that serves looks like: the proxy of terraform/local/traffic. */
    private static final String PROCESS = "terraform_data";

    private static final Set<String> TARGETS =
            Set.of("aws_lb_target_group_attachment", "aws_alb_target_group_attachment");

    private CutOff() {}

    /**
     * Why a change may cut users off; empty if it does not.
     *
     * @param served whether there are users
     */
    static Optional<String> by(Change change, boolean served) {
        return switch (change.action()) {
            case CREATE -> served && GETS_BETWEEN.matcher(change.type()).matches()
                    ? Optional.of("it may take requests from those who serve them now")
                    : Optional.empty();
            case UPDATE -> updated(change);
            case REPLACE -> isServing(change)
                    ? Optional.of("users stay where they are, but their connections are cut")
                    : way(change);
            case DELETE, FORGET -> gone(change);
            default -> Optional.empty();
        };
    }

    private static Optional<String> gone(Change change) {
        if (isServing(change)) {
            return Optional.of("users stay where they are, but their connections are cut");
        }
        if (change.action() == Action.FORGET) {
            return Optional.empty(); // it stays, and Terraform lets go of it
        }
        return TARGETS.contains(change.type()) ? Optional.of("users may be on what it takes away") : way(change);
    }

    private static Optional<String> way(Change change) {
        return WAY.matcher(change.type()).matches()
                ? Optional.of("users may not get to the load balancer any more")
                : Optional.empty();
    }

    private static Optional<String> updated(Change change) {
        boolean isWay = WAY.matcher(change.type()).matches();
        boolean isGroup = change.type().equals("aws_security_group");
        List<String> risky = change.changed().stream()
                .map(Attribute::path)
                .filter(path -> !LABELS.matcher(path).matches())
                .filter(path -> isWay
                        || isGroup && INLINE_RULES.matcher(path).matches()
                        || isBalancing(change)
                                && !harmless(change.type()).matcher(path).matches())
                .toList();
        return risky.isEmpty()
                ? Optional.empty()
                : Optional.of("users may be cut off by its new " + String.join(", ", risky));
    }

    private static boolean isServing(Change change) {
        boolean isWeighted =
                change.attributes().stream().anyMatch(one -> one.path().startsWith("weighted_routing_policy"));
        return isBalancing(change) || change.type().equals(PROCESS) || isWeighted;
    }

    private static boolean isBalancing(Change change) {
        return BALANCING.matcher(change.type()).matches();
    }

    private static Pattern harmless(String type) {
        return HARMLESS.get(type.replaceFirst("aws_a?lb_?", ""));
    }
}
