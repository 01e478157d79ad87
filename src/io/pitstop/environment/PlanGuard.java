package io.pitstop.environment;

import io.pitstop.error.MoveRefused;
import io.pitstop.jtf.Action;
import io.pitstop.jtf.Attribute;
import io.pitstop.jtf.Change;
import io.pitstop.release.Colour;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks through a plan for the state of one colour, and refuses what is not its business: the other colour, what splits
 * the traffic, what serves users. Separate states keep them apart as long as the module does what it should; this holds if
 * it does not. What is known after apply only cannot be judged.
 */
final class PlanGuard {
    private static final Set<String> SPLITS =
            Set.of("aws_lb_listener", "aws_alb_listener", "aws_lb_listener_rule", "aws_alb_listener_rule");
    private static final Set<String> SERVES =
            Set.of("aws_lb", "aws_alb", "aws_elb", "aws_lb_target_group", "aws_alb_target_group");

    /** Attributes by which a resource itself is told from others, as opposed to what it refers to. */
    private static final Pattern IDENTITY =
            Pattern.compile("(name|name_prefix|id|arn|family|identifier|bucket)|(.*\\.)?[a-z_]*target_group.*");

    private static final Pattern COLOUR = Pattern.compile("(?i)(.*[.:_/-])?colou?r");

    private final Colour colour;
    private final Colour live;
    private final String othersGroup;
    private final Pattern own;
    private final Pattern other;

    /** @param othersGroup name or ARN of the other colour's target group */
    PlanGuard(Colour colour, Colour live, String othersGroup) {
        this.colour = colour;
        this.live = live;
        this.othersGroup = othersGroup;
        this.own = word(colour);
        this.other = word(colour.other());
    }

    /** @throws MoveRefused naming each change that is refused, and why */
    void check(List<Change> changes) {
        List<String> objections = changes.stream()
                .filter(change -> change.action() != Action.READ)
                .flatMap(change -> objection(change).map(why -> change.line() + " (" + why + ")").stream())
                .toList();
        if (!objections.isEmpty()) {
            throw new MoveRefused(
                    "The plan for " + colour + " is refused, nothing was applied: " + String.join("; ", objections)
                            + ".",
                    "Keep in the module of a colour only what belongs to that colour, and what serves in a state of its"
                            + " own, which traffic.terraform names.");
        }
    }

    private Optional<String> objection(Change change) {
        if (SPLITS.contains(change.type()) || isWeighted(change)) {
            return Optional.of("it splits the traffic, which only the router does");
        }
        boolean goes = change.action().removes() || change.action() == Action.FORGET;
        if (SERVES.contains(change.type()) && goes) {
            return Optional.of("what serves users is not to be replaced or removed with a colour");
        }
        if (names(change.address())) {
            return Optional.of("it is of " + colour.other());
        }
        Optional<Attribute> others = change.attributes().stream()
                .filter(attribute -> isOthers(change, attribute))
                .findFirst();
        if (others.isPresent()) {
            return Optional.of("its " + others.get().path() + " is of " + colour.other());
        }
        return goes && colour == live ? Optional.of("users are on " + live) : Optional.empty();
    }

    private static boolean isWeighted(Change change) {
        return change.type().equals("aws_route53_record")
                && change.attributes().stream()
                        .anyMatch(attribute -> attribute.path().startsWith("weighted_routing_policy["));
    }

    private boolean isOthers(Change change, Attribute attribute) {
        return texts(attribute).anyMatch(text -> {
            boolean isGroup = text.equals(othersGroup) || text.contains(":targetgroup/" + othersGroup + "/");
            boolean isColour = text.equalsIgnoreCase(colour.other().toString()) && saysColour(change, attribute);
            return isGroup || isColour || IDENTITY.matcher(attribute.path()).matches() && names(text);
        });
    }

    /** True for an attribute or a tag that is the colour, also where tags are a list of keys and values. */
    private static boolean saysColour(Change change, Attribute attribute) {
        if (!attribute.path().endsWith(".value")) {
            return COLOUR.matcher(attribute.path()).matches();
        }
        String key = attribute.path().replaceAll("value$", "key");
        return change.attributes().stream()
                .filter(one -> one.path().equals(key))
                .flatMap(PlanGuard::texts)
                .anyMatch(name -> COLOUR.matcher(name).matches());
    }

    private static Stream<String> texts(Attribute attribute) {
        return Stream.of(attribute.before(), attribute.after()).flatMap(value -> value.text().stream());
    }

    /** True if the other colour is in it, and this one is not. */
    private boolean names(String text) {
        return other.matcher(text).find() && !own.matcher(text).find();
    }

    private static Pattern word(Colour colour) {
        return Pattern.compile("(?i)(?<![a-z0-9])" + colour + "(?![a-z0-9])");
    }
}
