package io.pitstop.aws;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The actions of a listener or rule: checked as AWS documents, and told as AWS tells them. */
final class ElbActions {
    private static final Set<String> LAST = Set.of("forward", "redirect", "fixed-response");
    private static final Set<String> FIRST = Set.of("authenticate-oidc", "authenticate-cognito", "jwt-validation");

    private List<Map<String, Object>> now;
    private List<Map<String, Object>> before;
    private int staleReads;

    ElbActions(List<Map<String, Object>> actions) {
        this.now = actions;
        this.before = actions;
    }

    /** @param staleReads how many reads get the old actions before the first gets the new ones */
    void change(List<Map<String, Object>> actions, int staleReads) {
        this.before = seen();
        this.now = actions;
        this.staleReads = staleReads;
    }

    List<Map<String, Object>> read() {
        if (staleReads > 0) {
            staleReads--;
            return before;
        }
        return now;
    }

    /** What counts for requests. */
    List<Map<String, Object>> real() {
        return now;
    }

    private List<Map<String, Object>> seen() {
        return staleReads > 0 ? before : now;
    }

    /** Weights by the ARN of their target group; empty if requests are not forwarded. */
    static Map<String, Integer> weights(List<Map<String, Object>> actions) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        for (Map<String, Object> action : actions) {
            QueryTree.maps(QueryTree.asMap(action.get("ForwardConfig")), "TargetGroups")
                    .forEach(group -> weights.put(
                            String.valueOf(group.get("TargetGroupArn")),
                            Integer.valueOf(String.valueOf(group.get("Weight")))));
        }
        return weights;
    }

    /**
     * @param existing what is there before; empty for something new
     * @return the actions as a describe tells them
     */
    static List<Map<String, Object>> checked(
            List<Map<String, Object>> ordered, Map<String, ElbGroup> groups, List<Map<String, Object>> existing) {
        if (ordered.isEmpty()) {
            throw ElbRefusal.invalid("At least one action must be specified");
        }
        List<Map<String, Object>> told = new ArrayList<>();
        for (int i = 0; i < ordered.size(); i++) {
            Map<String, Object> action = new LinkedHashMap<>(ordered.get(i));
            String type = String.valueOf(action.get("Type"));
            if (!(i == ordered.size() - 1 ? LAST : FIRST).contains(type)) {
                throw new ElbRefusal("InvalidLoadBalancerAction", "The action type '" + type + "' is not allowed here");
            }
            if (type.equals("authenticate-oidc")) {
                keepSecret(QueryTree.asMap(action.get("AuthenticateOidcConfig")), existing);
            }
            if (type.equals("forward")) {
                forward(action, groups);
            }
            if (ordered.size() > 1) {
                action.putIfAbsent("Order", String.valueOf(i + 1));
            }
            told.add(action);
        }
        return told;
    }

    /** AWS never tells the secret, and keeps it only if it is asked to. */
    private static void keepSecret(Map<String, Object> oidc, List<Map<String, Object>> existing) {
        boolean kept = "true".equals(oidc.remove("UseExistingClientSecret")) && !existing.isEmpty();
        if (oidc.remove("ClientSecret") == null && !kept) {
            throw new ElbRefusal("InvalidLoadBalancerAction", "A client secret must be specified");
        }
    }

    private static void forward(Map<String, Object> action, Map<String, ElbGroup> groups) {
        Map<String, Object> config = new LinkedHashMap<>(QueryTree.asMap(action.get("ForwardConfig")));
        List<Map<String, Object>> tuples = new ArrayList<>(QueryTree.maps(config, "TargetGroups"));
        Object single = action.get("TargetGroupArn");
        if (single != null && tuples.isEmpty()) {
            tuples.add(new LinkedHashMap<>(Map.of("TargetGroupArn", single)));
        }
        if (tuples.isEmpty() || tuples.size() > 5) {
            throw ElbRefusal.invalid("A forward action must have 1 to 5 target groups, not " + tuples.size());
        }
        if (single != null
                && (tuples.size() > 1 || !tuples.get(0).get("TargetGroupArn").equals(single))) {
            throw ElbRefusal.invalid("TargetGroupArn must be the only target group of ForwardConfig");
        }
        Set<Object> seen = new HashSet<>();
        for (Map<String, Object> tuple : tuples) {
            String arn = String.valueOf(tuple.get("TargetGroupArn"));
            if (!groups.containsKey(arn)) {
                throw new ElbRefusal("TargetGroupNotFound", "Target groups '" + arn + "' not found");
            }
            if (!seen.add(arn)) {
                throw ElbRefusal.invalid("The target group '" + arn + "' is given twice");
            }
            String weight = String.valueOf(tuple.getOrDefault("Weight", "1"));
            if (!ElbGroup.isBetween(weight, 0, 999)) {
                throw ElbRefusal.invalid("Weight '" + weight + "' must be 0 to 999");
            }
            tuple.put("Weight", weight);
        }
        config.put("TargetGroups", tuples);
        config.put("TargetGroupStickinessConfig", stickiness(config, tuples, groups));
        action.put("ForwardConfig", config);
        action.remove("TargetGroupArn");
        if (tuples.size() == 1) {
            action.put("TargetGroupArn", tuples.get(0).get("TargetGroupArn"));
        }
    }

    private static Map<String, Object> stickiness(
            Map<String, Object> config, List<Map<String, Object>> tuples, Map<String, ElbGroup> groups) {
        Map<String, Object> sticky = new LinkedHashMap<>(QueryTree.asMap(config.get("TargetGroupStickinessConfig")));
        sticky.putIfAbsent("Enabled", "false");
        boolean enabled = sticky.get("Enabled").equals("true");
        Object duration = sticky.get("DurationSeconds");
        if ((enabled || duration != null) && !ElbGroup.isBetween(String.valueOf(duration), 1, 604_800)) {
            throw ElbRefusal.invalid("Stickiness duration '" + duration + "' must be 1 to 604800 seconds");
        }
        for (Map<String, Object> tuple : tuples) {
            ElbGroup group = groups.get(String.valueOf(tuple.get("TargetGroupArn")));
            if (!enabled && tuples.size() > 1 && group.isSticky()) {
                throw new ElbRefusal(
                        "InvalidConfigurationRequest",
                        "You must enable group stickiness on a rule if you enabled target stickiness on one of its"
                                + " target groups");
            }
        }
        return sticky;
    }
}
