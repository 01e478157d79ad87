package io.pitstop.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights in an action of the load balancer, by target group, read and moved as the router does it. */
final class Split {
    private final Moto moto;
    private final State traffic;

    Split(Moto moto, State traffic) {
        this.moto = moto;
        this.traffic = traffic;
    }

    /** By colour; for the listener's default action. */
    Map<String, Integer> ofListener() {
        return weights(
                moto.elb("DescribeListeners", "ListenerArns.member.1", traffic.output("listener")), "DefaultActions");
    }

    Map<String, Integer> ofRule() {
        return weights(moto.elb("DescribeRules", "RuleArns.member.1", traffic.output("rule")), "Actions");
    }

    void moveListener(int blue, int green) {
        moto.elb("ModifyListener", order("ListenerArn", traffic.output("listener"), "DefaultActions", blue, green));
    }

    void moveRule(int blue, int green) {
        moto.elb("ModifyRule", order("RuleArn", traffic.output("rule"), "Actions", blue, green));
    }

    private String[] order(String what, String arn, String actions, int blue, int green) {
        String action = actions + ".member.1";
        String groups = action + ".ForwardConfig.TargetGroups.member.";
        return new String[] {
            what,
            arn,
            action + ".Type",
            "forward",
            groups + "1.TargetGroupArn",
            traffic.output("target_groups", "blue"),
            groups + "1.Weight",
            Integer.toString(blue),
            groups + "2.TargetGroupArn",
            traffic.output("target_groups", "green"),
            groups + "2.Weight",
            Integer.toString(green)
        };
    }

    private Map<String, Integer> weights(Answer answer, String actions) {
        String groups = actions + "/member/ForwardConfig/TargetGroups/member/";
        List<String> arns = answer.texts(groups + "TargetGroupArn");
        List<String> weights = answer.texts(groups + "Weight");
        Map<String, Integer> split = new LinkedHashMap<>();
        for (String colour : List.of("blue", "green")) {
            int index = arns.indexOf(traffic.output("target_groups", colour));
            split.put(colour, Integer.valueOf(weights.get(index)));
        }
        return split;
    }
}
