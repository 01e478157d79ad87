package io.pitstop.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A target group: its targets live through initial, healthy, unhealthy, and draining, as time passes. */
final class ElbGroup {
    private static final Set<String> BOOLEANS = Set.of("true", "false");

    final String arn;
    final String name;
    final String port;
    final String targetType;
    final Map<String, String> attributes = new LinkedHashMap<>(Map.of(
            "deregistration_delay.timeout_seconds", "300",
            "stickiness.enabled", "false",
            "stickiness.type", "lb_cookie",
            "slow_start.duration_seconds", "0"));
    final Map<String, Object> healthCheck = new LinkedHashMap<>(Map.of(
            "HealthCheckEnabled", "true",
            "HealthCheckProtocol", "HTTP",
            "HealthCheckPath", "/",
            "HealthCheckIntervalSeconds", "30",
            "HealthyThresholdCount", "5",
            "UnhealthyThresholdCount", "2"));
    final List<Target> targets = new ArrayList<>();

    ElbGroup(String arn, String name, String port, String targetType) {
        this.arn = arn;
        this.name = name;
        this.port = port;
        this.targetType = targetType;
    }

    /** One target; {@code told} is what a test says of it, or null. */
    static final class Target {
        final String id;
        final String port;
        final Instant checkedFrom;
        Health told;
        Instant deregistered;

        Target(String id, String port, Instant checkedFrom) {
            this.id = id;
            this.port = port;
            this.checkedFrom = checkedFrom;
        }
    }

    /** What the load balancer finds of a target; no reason if it is healthy. */
    record Health(String state, String reason, String description) {
        static final Health HEALTHY = new Health("healthy", null, null);
        static final Health INITIAL =
                new Health("initial", "Elb.RegistrationInProgress", "Target registration is in progress");
        static final Health UNHEALTHY =
                new Health("unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]");
        static final Health DRAINING =
                new Health("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress");
        static final Health UNUSED = new Health(
                "unused",
                "Target.NotInUse",
                "Target group is not configured to receive traffic from the load balancer");
    }

    void register(Map<String, Object> target, Instant now) {
        String port = String.valueOf(target.getOrDefault("Port", this.port));
        remove(String.valueOf(target.get("Id")), port);
        targets.add(new Target(String.valueOf(target.get("Id")), port, now));
    }

    /** Without a port, the default one of the group is meant: a target on another port stays, and nobody is told. */
    void deregister(Map<String, Object> target, Instant now) {
        String port = String.valueOf(target.getOrDefault("Port", this.port));
        for (Target each : targets) {
            if (each.id.equals(target.get("Id")) && each.port.equals(port) && each.deregistered == null) {
                each.deregistered = now;
            }
        }
    }

    void set(String key, String value) {
        boolean valid =
                switch (key) {
                    case "deregistration_delay.timeout_seconds" -> isBetween(value, 0, 3600);
                    case "stickiness.enabled" -> BOOLEANS.contains(value);
                    case "stickiness.type" -> Set.of("lb_cookie", "app_cookie").contains(value);
                    case "stickiness.lb_cookie.duration_seconds" -> isBetween(value, 1, 604_800);
                    case "slow_start.duration_seconds" -> value.equals("0") || isBetween(value, 30, 900);
                    case "load_balancing.algorithm.type", "load_balancing.cross_zone.enabled" -> true;
                    default -> throw ElbRefusal.invalid("Target group attribute key '" + key + "' is not recognized");
                };
        if (!valid) {
            throw ElbRefusal.invalid("'" + value + "' is not a valid value for " + key);
        }
        attributes.put(key, value);
    }

    boolean isSticky() {
        return attributes.get("stickiness.enabled").equals("true");
    }

    /** Forgets targets that have drained. */
    void pass(Instant now) {
        Duration delay = Duration.ofSeconds(Long.parseLong(attributes.get("deregistration_delay.timeout_seconds")));
        targets.removeIf(target ->
                target.deregistered != null && !target.deregistered.plus(delay).isAfter(now));
    }

    Health health(Target target, boolean attached, Duration firstChecks, Instant now) {
        if (target.deregistered != null) {
            return Health.DRAINING;
        }
        if (!attached) {
            return Health.UNUSED;
        }
        if (target.told != null) {
            return target.told;
        }
        return target.checkedFrom.plus(firstChecks).isAfter(now) ? Health.INITIAL : Health.HEALTHY;
    }

    private void remove(String id, String port) {
        targets.removeIf(target -> target.id.equals(id) && target.port.equals(port));
    }

    static boolean isBetween(String text, int least, int most) {
        return text.matches("\\d{1,9}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most;
    }
}
