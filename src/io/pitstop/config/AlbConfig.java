package io.pitstop.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where on an Application Load Balancer the split is: the default action of a listener, or the action of one of its rules.
 *
 * @param listener its ARN; empty if it is found by load balancer and port
 * @param loadBalancer name or ARN of the load balancer; empty if it is found by tags, or not needed
 * @param tags all of which the load balancer must have; of no meaning if it or the listener is named
 * @param listenerPort port of the listener on that load balancer
 * @param rule which rule of the listener; empty for its default action
 * @param targetGroups names or ARNs of the target groups
 * @param stickiness what becomes of users whom a cookie keeps on a colour that has no share any more
 * @param within how long the answers of AWS may differ from an order until it counts as not carried out
 */
public record AlbConfig(
        Optional<String> listener,
        Optional<String> loadBalancer,
        Map<String, String> tags,
        int listenerPort,
        Optional<Rule> rule,
        PerColour targetGroups,
        Stickiness stickiness,
        Duration within)
        implements RouterConfig {
    /**
     * What becomes of users whom the action's group stickiness keeps on a colour that has no share any more. Weights are for
     * users without a cookie only.
     */
    public enum Stickiness {
        /**
         * They stay, after a rollback too, as long as they come back before their cookies run out; the colour is not drained
         * before as much time has passed without a single request as a cookie lasts.
         */
        WAIT,
        /**
         * The order that takes the last share away ends stickiness too, and users move at once. It stays off: whether it was
         * ever on, nobody can tell afterwards. Where targets themselves are sticky, AWS does not let it end: then this is
         * {@link #WAIT}.
         */
        END,
        /**
         * As {@link #END}, and each order that gives both colours a share lets it begin, with the duration that AWS keeps
         * with the action; if it keeps none, it is left off.
         */
        CANARY
    }

    /**
     * One rule of a listener, by what is given; all that is given must hold.
     *
     * @param host value of its host-header condition
     * @param path value of its path-pattern condition
     */
    public record Rule(Optional<String> arn, Optional<Integer> priority, Optional<String> host, Optional<String> path) {
        /** The ARN of its listener, which its own ARN holds; empty if that is not given. */
        Optional<String> listener() {
            return arn.map(own -> own.replace(":listener-rule/", ":listener/").replaceFirst("/[^/]+$", ""));
        }

        static Rule from(Section section) {
            Rule rule = new Rule(
                    section.find("arn", Optional::of, "an ARN"),
                    section.findInteger("priority"),
                    section.find("host", Optional::of, "a host name"),
                    section.find("path", Optional::of, "a path pattern"));
            section.end();
            if (rule.arn().isEmpty()
                    && rule.priority().isEmpty()
                    && rule.host().isEmpty()
                    && rule.path().isEmpty()) {
                throw section.invalid(
                        "traffic.alb.rule names no rule.",
                        "Give its arn, priority, host or path, or leave rule out for the listener's default action.");
            }
            return rule;
        }
    }

    @Override
    public Kind kind() {
        return Kind.ALB;
    }

    static AlbConfig from(Section section, String application) {
        Optional<Rule> rule = section.findSection("rule").map(Rule::from);
        AlbConfig config = new AlbConfig(
                section.find("listener", Optional::of, "the ARN of a listener").or(() -> rule.flatMap(Rule::listener)),
                section.find("loadBalancer", Optional::of, "a name or ARN"),
                section.findSection("tags").map(Section::texts).orElse(Map.of()),
                section.integer("listenerPort", 443),
                rule,
                section.findSection("targetGroups")
                        .map(PerColour::from)
                        .orElseGet(() -> PerColour.of(application + "-{colour}")),
                section.find("stickiness", Choice.of(Stickiness.class), "wait, end or canary")
                        .orElse(Stickiness.WAIT),
                section.positive("within", Duration.ofSeconds(30)));
        section.end();
        if (config.listener().isEmpty()
                && config.loadBalancer().isEmpty()
                && config.tags().isEmpty()) {
            throw section.invalid(
                    "traffic.alb names no load balancer.",
                    "Give its listener (an ARN), its rule's ARN, its loadBalancer (a name or ARN), or tags that only it has.");
        }
        return config;
    }
}
