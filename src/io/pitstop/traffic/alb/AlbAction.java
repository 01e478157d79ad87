package io.pitstop.traffic.alb;

import io.pitstop.config.AlbConfig.Stickiness;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Split;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AuthenticateOidcActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupStickinessConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/**
 * What a listener or rule does with requests, if that is a split between our two target groups: a list of actions, the last
 * of which forwards. Others before it, such as signing users in, are not ours and stay as they are.
 */
final class AlbAction {
    private final List<Action> actions;
    private final TargetGroups groups;
    private final Split split;

    /**
     * @param where for messages, such as {@code "The listener arn:…"}
     * @throws OutcomeUnknown if {@code actions} are no split between {@code groups}, telling what they are
     */
    AlbAction(String where, List<Action> actions, TargetGroups groups) {
        this.actions = actions;
        this.groups = groups;
        this.split = split(actions, groups)
                .orElseThrow(() -> new OutcomeUnknown(
                        where + " does not split requests between our two target groups: " + words(actions) + ".",
                        "Find out who changed it. Put the weights of " + groups.blue() + " and " + groups.green()
                                + " in its last action, nothing else, as percentages."));
    }

    Split split() {
        return split;
    }

    /** True if a cookie keeps users with the group that they got first, whatever the weights. */
    boolean isSticky() {
        return stickiness().map(TargetGroupStickinessConfig::enabled).orElse(false);
    }

    /** How long a cookie lasts after the last response that came with it; zero if there are none. */
    Duration cookie() {
        return isSticky() ? Duration.ofSeconds(duration()) : Duration.ZERO;
    }

    /** Whether users are to be kept with their group at {@code target}, if that is ordered next. */
    boolean sticksAt(Split target, Stickiness stickiness) {
        return switch (stickiness) {
            case WAIT -> isSticky();
            case END -> !isWhole(target) && isSticky();
            case CANARY -> !isWhole(target) && (isSticky() || duration() > 0);
        };
    }

    /** All actions as they are, but for the weights and whether users are kept with their group. */
    List<Action> order(Split target, boolean sticky) {
        return Stream.concat(
                        actions.stream().limit(actions.size() - 1L).map(AlbAction::kept),
                        Stream.of(forward(target, sticky)))
                .toList();
    }

    private Action forward(Split target, boolean sticky) {
        List<TargetGroupTuple> weights = Stream.of(Colour.values())
                .map(colour -> TargetGroupTuple.builder()
                        .targetGroupArn(groups.of(colour))
                        .weight(target.of(colour))
                        .build())
                .toList();
        ForwardActionConfig.Builder config = ForwardActionConfig.builder().targetGroups(weights);
        stickiness()
                .ifPresent(now -> config.targetGroupStickinessConfig(
                        now.toBuilder().enabled(sticky).build()));
        Action last = actions.get(actions.size() - 1);
        // Named alone, a group would have to be the only one.
        return last.toBuilder()
                .targetGroupArn(null)
                .forwardConfig(config.build())
                .build();
    }

    private Optional<TargetGroupStickinessConfig> stickiness() {
        return Optional.ofNullable(actions.get(actions.size() - 1).forwardConfig())
                .map(ForwardActionConfig::targetGroupStickinessConfig);
    }

    private int duration() {
        return stickiness().map(TargetGroupStickinessConfig::durationSeconds).orElse(0);
    }

    private static boolean isWhole(Split split) {
        return split.isAllTo(Colour.BLUE) || split.isAllTo(Colour.GREEN);
    }

    /** AWS does not tell a client secret, and takes its absence for an error unless it is asked to keep it. */
    private static Action kept(Action action) {
        if (action.type() != ActionTypeEnum.AUTHENTICATE_OIDC) {
            return action;
        }
        AuthenticateOidcActionConfig oidc = action.authenticateOidcConfig().toBuilder()
                .clientSecret(null)
                .useExistingClientSecret(true)
                .build();
        return action.toBuilder().authenticateOidcConfig(oidc).build();
    }

    private static Optional<Split> split(List<Action> actions, TargetGroups groups) {
        List<TargetGroupTuple> tuples = actions.isEmpty() ? List.of() : tuples(actions.get(actions.size() - 1));
        int blue = 0;
        int green = 0;
        for (TargetGroupTuple tuple : tuples) {
            // A group that stands alone may come without a weight.
            int weight = tuple.weight() == null ? 1 : tuple.weight();
            if (groups.blue().equals(tuple.targetGroupArn())) {
                blue += weight;
            } else if (groups.green().equals(tuple.targetGroupArn())) {
                green += weight;
            } else {
                return Optional.empty();
            }
        }
        int sum = blue + green;
        return sum > 0 && 100 * blue % sum == 0 ? Optional.of(new Split(100 * blue / sum)) : Optional.empty();
    }

    /** The groups that an action forwards to, which has two forms for a single one; empty if it does something else. */
    static List<TargetGroupTuple> tuples(Action last) {
        if (last.type() != ActionTypeEnum.FORWARD) {
            return List.of();
        }
        if (last.forwardConfig() != null && last.forwardConfig().hasTargetGroups()) {
            return last.forwardConfig().targetGroups();
        }
        return last.targetGroupArn() == null
                ? List.of()
                : List.of(TargetGroupTuple.builder()
                        .targetGroupArn(last.targetGroupArn())
                        .build());
    }

    /** Types and weights; what else an action holds may be nobody's business. */
    private static String words(List<Action> actions) {
        return actions.isEmpty()
                ? "it has no action"
                : actions.stream().map(AlbAction::words).collect(Collectors.joining(", then "));
    }

    private static String words(Action action) {
        List<TargetGroupTuple> tuples = tuples(action);
        return action.typeAsString()
                + (tuples.isEmpty()
                        ? ""
                        : tuples.stream()
                                .map(tuple -> tuple.targetGroupArn() + " with weight " + tuple.weight())
                                .collect(Collectors.joining(" and ", " to ", "")));
    }
}
