package io.pitstop.traffic.alb;

import io.pitstop.aws.Attempts;
import io.pitstop.aws.AwsFailure;
import io.pitstop.error.InvalidConfig;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;

/**
 * Where the split is, and between which groups.
 *
 * @param listener its ARN
 * @param rule ARN of the rule of it; empty for its default action
 */
record AlbPlace(ElasticLoadBalancingV2Client elb, String listener, Optional<String> rule, TargetGroups groups) {
    /**
     * Asks once.
     *
     * @throws io.pitstop.error.OutcomeUnknown if requests are not split between our groups
     * @throws io.pitstop.error.DependencyFailed if AWS cannot be asked
     */
    AlbAction read() {
        try {
            return new AlbAction(toString(), actions(), groups);
        } catch (SdkException e) {
            throw AwsFailure.of(this + " cannot be read", e);
        }
    }

    /** @param attempts learns how AWS answered each attempt */
    void order(List<Action> actions, Attempts attempts) {
        if (rule.isPresent()) {
            elb.modifyRule(order -> order.ruleArn(rule.get())
                    .actions(actions)
                    .overrideConfiguration(call -> call.addMetricPublisher(attempts)));
        } else {
            elb.modifyListener(order -> order.listenerArn(listener)
                    .defaultActions(actions)
                    .overrideConfiguration(call -> call.addMetricPublisher(attempts)));
        }
    }

    private List<Action> actions() {
        if (rule.isPresent()) {
            return elb.describeRules(asked -> asked.ruleArns(rule.get())).rules().stream()
                    .findFirst()
                    .orElseThrow(this::gone)
                    .actions();
        }
        return elb.describeListeners(asked -> asked.listenerArns(listener)).listeners().stream()
                .findFirst()
                .orElseThrow(this::gone)
                .defaultActions();
    }

    private InvalidConfig gone() {
        return new InvalidConfig(this + " is not there.", "Correct traffic.alb.");
    }

    /** The value of CloudWatch's dimension LoadBalancer. */
    String balancer() {
        String[] parts = listener.substring(listener.indexOf(":listener/") + ":listener/".length())
                .split("/");
        return String.join("/", parts[0], parts[1], parts[2]);
    }

    String balancerArn() {
        return listener.substring(0, listener.indexOf(":listener/")) + ":loadbalancer/" + balancer();
    }

    @Override
    public String toString() {
        return rule.map(arn -> "The rule " + arn).orElse("The listener " + listener);
    }
}
