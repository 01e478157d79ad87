package io.pitstop.traffic;

import io.pitstop.error.MoveRefused;
import io.pitstop.jtf.Action;
import io.pitstop.jtf.Attribute;
import io.pitstop.jtf.Change;
import io.pitstop.jtf.Plan;
import io.pitstop.release.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Looks through a plan for the state of the traffic, and refuses what would move users or leave them without an answer. What
 * only cuts their connections may be accepted, by address.
 */
public final class TrafficPlanGuard {
    private static final Set<String> GROUPS = Set.of("aws_lb_target_group", "aws_alb_target_group");
    private static final Set<String> BALANCERS = Set.of("aws_lb", "aws_alb");

    private static final Pattern WEIGHT =
            Pattern.compile("(default_action|action)\\b.*\\.weight|weighted_routing_policy.*");
    private static final Pattern ORDER = Pattern.compile("(default_action|action|weighted_routing_policy)\\b.*");

    private final Optional<Split> split;
    private final Set<String> accepted;

    /**
     * @param split as it is now; empty if there is no router yet
     * @param accepted addresses of what may be changed although that may cut connections
     */
    public TrafficPlanGuard(Optional<Split> split, Set<String> accepted) {
        this.split = split;
        this.accepted = Set.copyOf(accepted);
    }

    /** @throws MoveRefused naming each change that is refused, why, and what may be accepted */
    public void check(Plan plan) {
        check(plan.changes(), plan.variable("initial_live").isPresent());
    }

    /** @param begins whether what the module makes begins with the colour that it is given */
    void check(List<Change> changes, boolean begins) {
        List<String> refused = new ArrayList<>();
        List<String> acceptable = new ArrayList<>();
        for (Change change : changes) {
            Optional<String> never = never(change, begins);
            if (never.isPresent()) {
                refused.add(change.line() + " (" + never.get() + ")");
                continue;
            }
            CutOff.by(change, split.isPresent())
                    .filter(why -> !accepted.contains(change.address()))
                    .ifPresent(why -> {
                        refused.add(change.line() + " (" + why + ")");
                        acceptable.add("--accept '" + change.address() + "'");
                    });
        }
        if (!refused.isEmpty()) {
            throw new MoveRefused(
                    "The plan for the traffic is refused, nothing was applied: " + String.join("; ", refused) + ".",
                    acceptable.size() == refused.size()
                            ? "Change the module so that these stay, or accept it at a quiet hour with "
                                    + String.join(" ", acceptable) + "."
                            : "Change the module so that these stay as they are.");
        }
    }

    private Optional<String> never(Change change, boolean begins) {
        boolean isSplit = has(change, WEIGHT);
        if (isSplit && isMoved(change)) {
            return Optional.of("it would move users, which only the router does: put the action under ignore_changes");
        }
        if (goes(change) && (isSplit || BALANCERS.contains(change.type()))) {
            return Optional.of("it serves users and would be gone");
        }
        if (change.action() == Action.REPLACE && isSplit) {
            return beginsElsewhere(begins);
        }
        if (GROUPS.contains(change.type()) && (goes(change) || change.action() == Action.REPLACE) && isLive(change)) {
            return Optional.of("it would leave users without the targets that are in it");
        }
        return Optional.empty();
    }

    private Optional<String> beginsElsewhere(boolean begins) {
        if (!begins) {
            return Optional.of("it would begin with a split of the module's own: declare the variable initial_live");
        }
        boolean whole = split.filter(now -> now.isAllTo(Colour.BLUE) || now.isAllTo(Colour.GREEN))
                .isPresent();
        return whole ? Optional.empty() : Optional.of("it would begin with one colour, while users are on both");
    }

    /** Without a router nobody is live; a group that cannot be told from the live one is taken for it. */
    private boolean isLive(Change change) {
        return split.isPresent()
                && List.of(Colour.values()).stream()
                        .filter(colour -> split.get().of(colour) == 0)
                        .noneMatch(idle -> isOf(change, idle) && !isOf(change, idle.other()));
    }

    private static boolean isOf(Change change, Colour colour) {
        return List.of("name", "tags.Colour", "tags.colour").stream()
                        .flatMap(path -> change.attributes().stream()
                                .filter(one -> one.path().equals(path)))
                        .anyMatch(one -> one.before()
                                .text()
                                .filter(text -> names(text, colour))
                                .isPresent())
                || names(change.address(), colour);
    }

    /** True if the colour is in it, and the other one is not: an application may be called green-shop. */
    private static boolean names(String text, Colour colour) {
        List<String> words = List.of(text.split("[^A-Za-z0-9]"));
        return words.contains(colour.toString())
                && !words.contains(colour.other().toString());
    }

    private static boolean isMoved(Change change) {
        return change.action() == Action.UPDATE
                && change.changed().stream()
                        .anyMatch(attribute -> ORDER.matcher(attribute.path()).matches());
    }

    private static boolean goes(Change change) {
        return change.action() == Action.DELETE || change.action() == Action.FORGET;
    }

    private static boolean has(Change change, Pattern path) {
        return change.attributes().stream().map(Attribute::path).anyMatch(one -> path.matcher(one)
                .matches());
    }
}
