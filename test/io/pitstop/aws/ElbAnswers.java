package io.pitstop.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the API tells of load balancers, listeners, rules, target groups and targets. */
final class ElbAnswers {
    private ElbAnswers() {}

    static Map<String, Object> of(ElbModel.Balancer balancer) {
        return Map.of(
                "LoadBalancerArn",
                balancer.arn(),
                "LoadBalancerName",
                balancer.name(),
                "DNSName",
                balancer.name() + ".eu-west-1.elb.example",
                "Scheme",
                "internet-facing",
                "Type",
                "application",
                "State",
                Map.of("Code", "active"));
    }

    /** @param balancers ARNs of those that send it requests */
    static Map<String, Object> of(ElbGroup group, List<String> balancers) {
        Map<String, Object> told = new LinkedHashMap<>(group.healthCheck);
        told.putAll(Map.of(
                "TargetGroupArn", group.arn,
                "TargetGroupName", group.name,
                "Protocol", "HTTP",
                "Port", group.port,
                "TargetType", group.targetType,
                "LoadBalancerArns", balancers));
        return told;
    }

    static Map<String, Object> of(ElbModel.Listener listener, List<Map<String, Object>> actions) {
        return Map.of(
                "ListenerArn", listener.arn(),
                "LoadBalancerArn", listener.balancer(),
                "Port", listener.port(),
                "Protocol", listener.protocol(),
                "DefaultActions", actions);
    }

    static Map<String, Object> of(ElbModel.Rule rule, List<Map<String, Object>> actions) {
        return rule(rule.arn(), rule.priority(), rule.conditions(), actions);
    }

    static Map<String, Object> rule(String arn, String priority, Object conditions, List<Map<String, Object>> actions) {
        return Map.of(
                "RuleArn", arn,
                "Priority", priority,
                "Conditions", conditions,
                "Actions", actions,
                "IsDefault", String.valueOf(priority.equals("default")));
    }

    static Map<String, Object> of(ElbGroup.Target target, ElbGroup.Health health) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("State", health.state());
        told.put("Reason", health.reason());
        told.put("Description", health.description());
        return Map.of(
                "Target",
                Map.of("Id", target.id, "Port", target.port),
                "HealthCheckPort",
                target.port,
                "TargetHealth",
                told);
    }

    static List<Map<String, Object>> pairs(Map<String, String> all) {
        return all.entrySet().stream()
                .map(entry -> Map.<String, Object>of("Key", entry.getKey(), "Value", entry.getValue()))
                .toList();
    }
}
