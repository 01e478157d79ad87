package io.pitstop.traffic.alb;

import io.pitstop.traffic.TargetHealth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthReasonEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** What the load balancer finds of the targets of one group, in words that tell one trouble from another. */
final class AlbHealth {
    private AlbHealth() {}

    static TargetHealth of(List<TargetHealthDescription> targets) {
        List<TargetHealthDescription> serving =
                targets.stream().filter(target -> !isLeaving(target)).toList();
        int healthy = (int) serving.stream()
                .filter(target -> state(target) == TargetHealthStateEnum.HEALTHY)
                .count();
        boolean allWell = !serving.isEmpty() && healthy == serving.size();
        return new TargetHealth(healthy, serving.size(), allWell ? "" : reason(targets, serving.size(), healthy));
    }

    private static String reason(List<TargetHealthDescription> targets, int serving, int healthy) {
        if (targets.isEmpty()) {
            return "its target group is empty";
        }
        Map<String, Long> troubles = targets.stream()
                .filter(target -> state(target) != TargetHealthStateEnum.HEALTHY)
                .collect(Collectors.groupingBy(AlbHealth::trouble, TreeMap::new, Collectors.counting()));
        String counted = troubles.entrySet().stream()
                .map(trouble -> trouble.getValue() + " " + trouble.getKey())
                .collect(Collectors.joining(", "));
        // A dead colour would not be spared: that is why it must not get a share.
        return serving > 0 && healthy == 0 ? counted + "; with none healthy the load balancer would use all" : counted;
    }

    private static String trouble(TargetHealthDescription target) {
        String reason = target.targetHealth().reasonAsString();
        String why = reason == null ? "" : ": " + reason;
        return switch (state(target)) {
            case INITIAL -> "initial (their first health checks are not over)";
            case UNUSED -> "unused (nobody checks them" + why + unusedFor(target) + ")";
            case DRAINING, UNHEALTHY_DRAINING -> "draining";
            case UNAVAILABLE -> "unavailable (health checks are off)";
            case UNHEALTHY -> "unhealthy (" + String.valueOf(reason) + description(target) + ")";
            case HEALTHY -> "healthy";
            case UNKNOWN_TO_SDK_VERSION -> target.targetHealth().stateAsString() + why;
        };
    }

    /** A group that no action names is not mended by deploying once more. */
    private static String unusedFor(TargetHealthDescription target) {
        return target.targetHealth().reason() == TargetHealthReasonEnum.TARGET_NOT_IN_USE
                ? "; let the action that splits users name their group, with weight 0 while it is idle, and let the load"
                        + " balancer have their zone"
                : "";
    }

    private static String description(TargetHealthDescription target) {
        String description = target.targetHealth().description();
        return description == null ? "" : ", " + description;
    }

    private static boolean isLeaving(TargetHealthDescription target) {
        TargetHealthStateEnum state = state(target);
        return state == TargetHealthStateEnum.DRAINING || state == TargetHealthStateEnum.UNHEALTHY_DRAINING;
    }

    private static TargetHealthStateEnum state(TargetHealthDescription target) {
        return target.targetHealth().state();
    }
}
