package io.pitstop.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network with a load balancer as somebody else made it: by calls, which takes no time, unlike the provider. */
record Network(String vpc, List<String> subnets, String securityGroup, String loadBalancer) {
    /** @param name of the load balancer, and of what belongs to it */
    static Network make(Moto moto, String name) {
        String vpc = moto.ec2("CreateVpc", "CidrBlock", "10.77.0.0/16").text("vpc/vpcId");
        List<String> subnets = new ArrayList<>();
        for (String zone : List.of("a", "b")) {
            subnets.add(moto.ec2(
                            "CreateSubnet",
                            "VpcId",
                            vpc,
                            "CidrBlock",
                            "10.77." + subnets.size() + ".0/24",
                            "AvailabilityZone",
                            Moto.REGION + zone)
                    .text("subnet/subnetId"));
        }
        String group = moto.ec2("CreateSecurityGroup", "GroupName", name, "GroupDescription", name, "VpcId", vpc)
                .text("groupId");
        String balancer = moto.elb(
                        "CreateLoadBalancer",
                        "Name",
                        name,
                        "Subnets.member.1",
                        subnets.get(0),
                        "Subnets.member.2",
                        subnets.get(1),
                        "SecurityGroups.member.1",
                        group)
                .text("LoadBalancerArn");
        moto.elb("DescribeLoadBalancers", "LoadBalancerArns.member.1", balancer); // now it is active
        return new Network(vpc, List.copyOf(subnets), group, balancer);
    }

    /** A target group, whose deregistration delay is as short as a test wants it. */
    String targetGroup(Moto moto, String name, String type, int delaySeconds) {
        String group = moto.elb(
                        "CreateTargetGroup",
                        "Name",
                        name,
                        "Protocol",
                        "HTTP",
                        "Port",
                        "8080",
                        "VpcId",
                        vpc,
                        "TargetType",
                        type,
                        "HealthCheckPath",
                        "/health")
                .text("TargetGroupArn");
        moto.elb(
                "ModifyTargetGroupAttributes",
                "TargetGroupArn",
                group,
                "Attributes.member.1.Key",
                "deregistration_delay.timeout_seconds",
                "Attributes.member.1.Value",
                Integer.toString(delaySeconds));
        return group;
    }

    /** Values of variables of an environment. */
    Map<String, String> places() {
        return Map.of(
                "subnet_ids",
                "[\"" + String.join("\",\"", subnets) + "\"]",
                "security_group_ids",
                "[\"" + securityGroup + "\"]");
    }
}
