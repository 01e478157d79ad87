package io.pitstop.aws;

import static io.pitstop.aws.QueryTree.maps;
import static io.pitstop.aws.QueryTree.texts;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** Load balancers, listeners, rules and target groups, and what the actions of the API do with them. Not thread-safe. */
final class ElbModel {
    private static final String PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:";

    final Map<String, ElbGroup> groups = new LinkedHashMap<>();
    private final Map<String, Balancer> balancers = new LinkedHashMap<>();
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> tags = new LinkedHashMap<>();
    private int made;
    Duration firstChecks = Duration.ZERO;
    Duration passed = Duration.ZERO;
    IntSupplier staleReads = () -> 0;
    int pageSize = 400;

    record Balancer(String arn, String name) {}

    record Listener(String arn, String balancer, String port, String protocol, ElbActions actions) {}

    record Rule(String arn, String listener, String priority, Object conditions, ElbActions actions) {}

    Map<String, Object> perform(String action, Map<String, Object> asked) {
        groups.values().forEach(group -> group.pass(now()));
        return switch (action) {
            case "CreateLoadBalancer" -> Map.of("LoadBalancers", List.of(ElbAnswers.of(create(asked))));
            case "CreateTargetGroup" -> Map.of("TargetGroups", List.of(told(createGroup(asked))));
            case "CreateListener" -> Map.of("Listeners", List.of(told(createListener(asked))));
            case "CreateRule" -> Map.of("Rules", List.of(createRule(asked)));
            case "AddTags" -> addTags(asked);
            case "DescribeLoadBalancers" -> ElbSelection.page(
                    pageSize,
                    "LoadBalancers",
                    asked,
                    ElbSelection.select(
                            balancers, asked, "LoadBalancerArns", "Names", Balancer::name, "LoadBalancerNotFound"),
                    ElbAnswers::of);
            case "DescribeTargetGroups" -> ElbSelection.page(
                    pageSize, "TargetGroups", asked, groupsAsked(asked), this::told);
            case "DescribeListeners" -> ElbSelection.page(
                    pageSize, "Listeners", asked, listenersAsked(asked), ElbModel::told);
            case "DescribeRules" -> ElbSelection.page(pageSize, "Rules", asked, rulesAsked(asked), Function.identity());
            case "DescribeTags" -> Map.of(
                    "TagDescriptions",
                    texts(asked, "ResourceArns").stream().map(this::tagged).toList());
            case "DescribeTargetGroupAttributes" -> Map.of("Attributes", ElbAnswers.pairs(group(asked).attributes));
            case "ModifyTargetGroup" -> modifyGroup(asked);
            case "ModifyTargetGroupAttributes" -> modifyAttributes(asked);
            case "DescribeTargetHealth" -> health(asked);
            case "RegisterTargets" -> {
                maps(asked, "Targets").forEach(target -> group(asked).register(target, now()));
                yield Map.of();
            }
            case "DeregisterTargets" -> {
                maps(asked, "Targets").forEach(target -> group(asked).deregister(target, now()));
                yield Map.of();
            }
            case "ModifyListener" -> modifyListener(asked);
            case "ModifyRule" -> modifyRule(asked);
            default -> throw new ElbRefusal("InvalidAction", "The action " + action + " is not valid");
        };
    }

    /** The actions that requests meet now, at a listener or rule. */
    List<Map<String, Object>> real(String arn) {
        return arn.contains(":listener/")
                ? listeners.get(arn).actions().real()
                : rules.get(arn).actions().real();
    }

    /** The targets that requests go to; all of a group that has none healthy: the load balancer fails open. */
    List<String> receiving(String arn) {
        List<String> ids = new ArrayList<>();
        ElbActions.weights(real(arn)).forEach((group, weight) -> {
            List<ElbGroup.Target> all = groups.get(group).targets.stream()
                    .filter(target -> weight > 0 && target.deregistered == null)
                    .toList();
            List<ElbGroup.Target> healthy = all.stream()
                    .filter(target -> health(groups.get(group), target).state().equals("healthy"))
                    .toList();
            (healthy.isEmpty() ? all : healthy).forEach(target -> ids.add(target.id));
        });
        return ids;
    }

    Instant now() {
        return Instant.now().plus(passed);
    }

    private Balancer create(Map<String, Object> asked) {
        String name = String.valueOf(asked.get("Name"));
        Balancer balancer = new Balancer(arn("loadbalancer/app/" + name), name);
        balancers.put(balancer.arn(), balancer);
        tag(balancer.arn(), maps(asked, "Tags"));
        return balancer;
    }

    private ElbGroup createGroup(Map<String, Object> asked) {
        String name = String.valueOf(asked.get("Name"));
        ElbGroup group = new ElbGroup(
                arn("targetgroup/" + name),
                name,
                String.valueOf(asked.get("Port")),
                String.valueOf(asked.getOrDefault("TargetType", "instance")));
        groups.put(group.arn, group);
        tag(group.arn, maps(asked, "Tags"));
        return group;
    }

    private Listener createListener(Map<String, Object> asked) {
        String balancer = String.valueOf(asked.get("LoadBalancerArn"));
        if (!balancers.containsKey(balancer)) {
            throw new ElbRefusal("LoadBalancerNotFound", "Load balancer '" + balancer + "' not found");
        }
        Listener listener = new Listener(
                arn(balancer.substring(PREFIX.length()).replace("loadbalancer/", "listener/")),
                balancer,
                String.valueOf(asked.get("Port")),
                String.valueOf(asked.get("Protocol")),
                new ElbActions(ElbActions.checked(maps(asked, "DefaultActions"), groups, List.of())));
        listeners.put(listener.arn(), listener);
        return listener;
    }

    private Map<String, Object> createRule(Map<String, Object> asked) {
        String listener = String.valueOf(asked.get("ListenerArn"));
        String priority = String.valueOf(asked.get("Priority"));
        if (rules.values().stream()
                .anyMatch(rule ->
                        rule.listener().equals(listener) && rule.priority().equals(priority))) {
            throw new ElbRefusal("PriorityInUse", "Priority '" + priority + "' is currently in use");
        }
        Rule rule = new Rule(
                arn(listener.substring(PREFIX.length()).replace("listener/", "listener-rule/")),
                listener,
                priority,
                asked.getOrDefault("Conditions", List.of()),
                new ElbActions(ElbActions.checked(maps(asked, "Actions"), groups, List.of())));
        rules.put(rule.arn(), rule);
        return told(rule);
    }

    private Map<String, Object> addTags(Map<String, Object> asked) {
        texts(asked, "ResourceArns").forEach(arn -> tag(arn, maps(asked, "Tags")));
        return Map.of();
    }

    private void tag(String arn, List<Map<String, Object>> added) {
        Map<String, String> all = tags.computeIfAbsent(arn, any -> new LinkedHashMap<>());
        added.forEach(tag -> all.put(String.valueOf(tag.get("Key")), String.valueOf(tag.get("Value"))));
    }

    private Map<String, Object> tagged(String arn) {
        return Map.of("ResourceArn", arn, "Tags", ElbAnswers.pairs(tags.getOrDefault(arn, Map.of())));
    }

    private Map<String, Object> modifyAttributes(Map<String, Object> asked) {
        ElbGroup group = group(asked);
        for (Map<String, Object> attribute : maps(asked, "Attributes")) {
            if ("stickiness.enabled".equals(attribute.get("Key")) && "true".equals(attribute.get("Value"))) {
                refuseWithoutGroupStickiness(group);
            }
            group.set(String.valueOf(attribute.get("Key")), String.valueOf(attribute.get("Value")));
        }
        return Map.of("Attributes", ElbAnswers.pairs(group.attributes));
    }

    private void refuseWithoutGroupStickiness(ElbGroup group) {
        for (ElbActions actions : everyAction()) {
            Map<String, Integer> weights = ElbActions.weights(actions.real());
            boolean sticky = QueryTree.xml(actions.real()).contains("<Enabled>true</Enabled>");
            if (weights.size() > 1 && weights.containsKey(group.arn) && !sticky) {
                throw new ElbRefusal(
                        "InvalidConfigurationRequest",
                        "This target group appears behind a rule with group stickiness disabled. You must enable group"
                                + " stickiness before enabling target stickiness");
            }
        }
    }

    private Map<String, Object> modifyGroup(Map<String, Object> asked) {
        ElbGroup group = group(asked);
        group.healthCheck.replaceAll((setting, value) -> asked.getOrDefault(setting, value));
        return Map.of("TargetGroups", List.of(told(group)));
    }

    private Map<String, Object> modifyListener(Map<String, Object> asked) {
        Listener listener = ElbSelection.find(listeners, asked.get("ListenerArn"), "ListenerNotFound");
        if (!asked.containsKey("DefaultActions")) { // what an order does not name stays as it is
            return Map.of(
                    "Listeners",
                    List.of(ElbAnswers.of(listener, listener.actions().real())));
        }
        List<Map<String, Object>> existing = listener.actions().real();
        listener.actions()
                .change(ElbActions.checked(maps(asked, "DefaultActions"), groups, existing), staleReads.getAsInt());
        return Map.of(
                "Listeners", List.of(ElbAnswers.of(listener, listener.actions().real())));
    }

    private Map<String, Object> modifyRule(Map<String, Object> asked) {
        String arn = String.valueOf(asked.get("RuleArn"));
        if (listeners.containsKey(listenerOfDefault(arn))) {
            throw new ElbRefusal("OperationNotPermitted", "Default rule '" + arn + "' cannot be modified");
        }
        Rule rule = ElbSelection.find(rules, arn, "RuleNotFound");
        List<Map<String, Object>> existing = rule.actions().real();
        rule.actions().change(ElbActions.checked(maps(asked, "Actions"), groups, existing), staleReads.getAsInt());
        return Map.of("Rules", List.of(ElbAnswers.of(rule, rule.actions().real())));
    }

    private Map<String, Object> health(Map<String, Object> asked) {
        ElbGroup group = group(asked);
        return Map.of(
                "TargetHealthDescriptions",
                group.targets.stream()
                        .map(target -> ElbAnswers.of(target, health(group, target)))
                        .toList());
    }

    private ElbGroup.Health health(ElbGroup group, ElbGroup.Target target) {
        boolean attached = everyAction().stream()
                .anyMatch(actions -> ElbActions.weights(actions.real()).containsKey(group.arn));
        return group.health(target, attached, firstChecks, now());
    }

    private List<ElbActions> everyAction() {
        List<ElbActions> all = new ArrayList<>();
        listeners.values().forEach(listener -> all.add(listener.actions()));
        rules.values().forEach(rule -> all.add(rule.actions()));
        return all;
    }

    private List<ElbGroup> groupsAsked(Map<String, Object> asked) {
        String balancer = String.valueOf(asked.get("LoadBalancerArn"));
        List<ElbGroup> found = ElbSelection.select(
                groups, asked, "TargetGroupArns", "Names", group -> group.name, "TargetGroupNotFound");
        return asked.containsKey("LoadBalancerArn")
                ? found.stream()
                        .filter(group -> balancersOf(group).contains(balancer))
                        .toList()
                : found;
    }

    private List<String> balancersOf(ElbGroup group) {
        return listeners.values().stream()
                .filter(listener -> ElbActions.weights(listener.actions().real())
                                .containsKey(group.arn)
                        || rules.values().stream()
                                .anyMatch(rule -> rule.listener().equals(listener.arn())
                                        && ElbActions.weights(rule.actions().real())
                                                .containsKey(group.arn)))
                .map(Listener::balancer)
                .distinct()
                .toList();
    }

    private List<Listener> listenersAsked(Map<String, Object> asked) {
        if (asked.containsKey("ListenerArns")) {
            return texts(asked, "ListenerArns").stream()
                    .map(arn -> ElbSelection.find(listeners, arn, "ListenerNotFound"))
                    .toList();
        }
        Balancer balancer = ElbSelection.find(balancers, asked.get("LoadBalancerArn"), "LoadBalancerNotFound");
        return listeners.values().stream()
                .filter(listener -> listener.balancer().equals(balancer.arn()))
                .toList();
    }

    private List<Map<String, Object>> rulesAsked(Map<String, Object> asked) {
        if (asked.containsKey("RuleArns")) {
            return texts(asked, "RuleArns").stream().map(this::ruleByArn).toList();
        }
        Listener listener = ElbSelection.find(listeners, asked.get("ListenerArn"), "ListenerNotFound");
        List<Map<String, Object>> told = new ArrayList<>();
        rules.values().stream()
                .filter(rule -> rule.listener().equals(listener.arn()))
                .forEach(rule -> told.add(told(rule)));
        told.add(tellDefault(listener));
        return told;
    }

    private Map<String, Object> ruleByArn(String arn) {
        Listener isDefaultOf = listeners.get(listenerOfDefault(arn));
        return isDefaultOf == null ? told(ElbSelection.find(rules, arn, "RuleNotFound")) : tellDefault(isDefaultOf);
    }

    private Map<String, Object> tellDefault(Listener listener) {
        return ElbAnswers.rule(
                listener.arn().replace("listener/", "listener-rule/") + "/default",
                "default",
                List.of(),
                listener.actions().read());
    }

    private static String listenerOfDefault(String rule) {
        return rule.replace("listener-rule/", "listener/").replaceFirst("/default$", "");
    }

    private ElbGroup group(Map<String, Object> asked) {
        return ElbSelection.find(groups, asked.get("TargetGroupArn"), "TargetGroupNotFound");
    }

    private Map<String, Object> told(ElbGroup group) {
        return ElbAnswers.of(group, balancersOf(group));
    }

    private static Map<String, Object> told(Listener listener) {
        return ElbAnswers.of(listener, listener.actions().read());
    }

    private static Map<String, Object> told(Rule rule) {
        return ElbAnswers.of(rule, rule.actions().read());
    }

    private String arn(String resource) {
        made++;
        return PREFIX + resource + "/%016x".formatted(made);
    }

    ElbGroup byName(String name) {
        return groups.values().stream()
                .filter(group -> group.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(name));
    }
}
