package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.Workshop.Root;
import java.util.List;
import java.util.Map;

/** The module traffic and the router, in turn: whatever Terraform does, users stay where the router put them. */
final class TrafficStory {
    private static final Map<String, Integer> ALL_TO_BLUE = Map.of("blue", 100, "green", 0);
    private static final Map<String, Integer> ALL_TO_GREEN = Map.of("blue", 0, "green", 100);

    private final Moto moto;
    private final Workshop workshop;

    TrafficStory(Moto moto, Workshop workshop) {
        this.moto = moto;
        this.workshop = workshop;
    }

    void a_split_that_was_moved_survives_terraform() throws Exception {
        Network network = Network.make(moto, "shop");
        Root traffic = workshop.called(
                "traffic",
                "shop",
                Map.of(
                        "application",
                        "shop",
                        "vpc_id",
                        network.vpc(),
                        "load_balancer_arn",
                        network.loadBalancer(),
                        "test_cidrs",
                        "[\"10.9.0.0/16\"]"),
                line -> {});

        traffic.apply(Map.of());
        Split split = new Split(moto, traffic.state());
        assertThat(split.ofListener()).isEqualTo(ALL_TO_BLUE);
        each_colour_has_its_own_listener_and_alarms(network, traffic.state());
        assertThat(traffic.pending(Map.of())).isEmpty();

        split.moveListener(0, 100);
        assertThat(traffic.pending(Map.of())).isEmpty();
        traffic.apply(Map.of("listener_port", "8000", "deregistration_delay", "60"));
        assertThat(split.ofListener()).isEqualTo(ALL_TO_GREEN);

        String before = traffic.state().output("listener");
        Map<String, String> live = Map.of("listener_port", "8000", "initial_live", "green");
        traffic.apply(live, "aws_lb_listener.production[0]");
        assertThat(traffic.state().output("listener")).isNotEqualTo(before);
        assertThat(new Split(moto, traffic.state()).ofListener()).isEqualTo(ALL_TO_GREEN);
        assertThat(traffic.pending(Map.of("listener_port", "8000"))).isEmpty();

        traffic.destroy(live);
        assertThat(traffic.state().resources()).isEmpty();
        assertThat(ports(network)).isEmpty();
    }

    void a_rule_and_records_are_left_to_the_router_like_a_listener() throws Exception {
        Network network = Network.make(moto, "others");
        String listener = othersListener(network);
        String zone = moto.route53(
                        "POST",
                        "hostedzone",
                        "<CreateHostedZoneRequest><Name>example.com</Name><CallerReference>1</CallerReference>"
                                + "</CreateHostedZoneRequest>")
                .text("HostedZone/Id")
                .replace("/hostedzone/", "");
        Root traffic = workshop.called(
                "traffic",
                "rule",
                Map.of(
                        "application",
                        "rule",
                        "vpc_id",
                        network.vpc(),
                        "load_balancer_arn",
                        network.loadBalancer(),
                        "listener_arn",
                        listener,
                        "initial_live",
                        "green",
                        "rule",
                        "{\"priority\": 10, \"hosts\": [\"rule.example.com\"], \"paths\": [\"/api/*\"]}",
                        "records",
                        "{\"zone_id\": \"%s\", \"name\": \"rule.example.com\", \"targets\": {\"blue\": \"b.example.com\", \"green\": \"g.example.com\"}}"
                                .formatted(zone),
                        "test_cidrs",
                        "[]"),
                line -> {});

        traffic.apply(Map.of());
        Split split = new Split(moto, traffic.state());
        assertThat(split.ofRule()).isEqualTo(ALL_TO_GREEN);
        assertThat(recordWeights(zone)).isEqualTo(List.of("blue 0", "green 100"));

        split.moveRule(60, 40);
        upsert(zone, "blue", 60);
        upsert(zone, "green", 40);
        assertThat(traffic.pending(Map.of())).isEmpty();
        traffic.apply(Map.of("deregistration_delay", "60"));
        assertThat(split.ofRule()).isEqualTo(Map.of("blue", 60, "green", 40));
        assertThat(recordWeights(zone)).isEqualTo(List.of("blue 60", "green 40"));

        traffic.destroy(Map.of());
        assertThat(ports(network)).containsExactly("80");
        assertThat(recordWeights(zone)).isEmpty();
    }

    private void each_colour_has_its_own_listener_and_alarms(Network network, State state) {
        assertThat(ports(network)).containsExactlyInAnyOrder("80", "9001", "9002");
        Answer listeners = moto.elb("DescribeListeners", "LoadBalancerArn", network.loadBalancer());
        for (String colour : List.of("blue", "green")) {
            String port = state.output("test_urls", colour).replaceAll(".*:", "");
            assertThat(listeners.texts("Listeners/member[Port='" + port + "']/DefaultActions/member/TargetGroupArn"))
                    .containsExactly(state.output("target_groups", colour));
        }
        assertThat(moto.cloudwatch("DescribeAlarms").texts("MetricAlarms/member/AlarmName"))
                .contains(
                        "shop-blue-5xx",
                        "shop-blue-latency",
                        "shop-blue-unhealthy-hosts",
                        "shop-green-5xx",
                        "shop-green-latency",
                        "shop-green-unhealthy-hosts");
    }

    private List<String> ports(Network network) {
        return moto.elb("DescribeListeners", "LoadBalancerArn", network.loadBalancer())
                .texts("Listeners/member/Port");
    }

    private String othersListener(Network network) {
        return moto.elb(
                        "CreateListener",
                        "LoadBalancerArn",
                        network.loadBalancer(),
                        "Protocol",
                        "HTTP",
                        "Port",
                        "80",
                        "DefaultActions.member.1.Type",
                        "fixed-response",
                        "DefaultActions.member.1.FixedResponseConfig.StatusCode",
                        "404")
                .text("ListenerArn");
    }

    private List<String> recordWeights(String zone) {
        Answer records = moto.route53("GET", "hostedzone/" + zone + "/rrset", "");
        return records.texts("ResourceRecordSet/SetIdentifier").stream()
                .map(colour -> colour + " " + records.text("ResourceRecordSet[SetIdentifier='" + colour + "']/Weight"))
                .sorted()
                .toList();
    }

    private void upsert(String zone, String colour, int weight) {
        moto.route53(
                "POST",
                "hostedzone/" + zone + "/rrset",
                """
                <ChangeResourceRecordSetsRequest><ChangeBatch><Changes><Change><Action>UPSERT</Action><ResourceRecordSet>
                <Name>rule.example.com</Name><Type>CNAME</Type><SetIdentifier>%s</SetIdentifier><Weight>%d</Weight>
                <TTL>60</TTL><ResourceRecords><ResourceRecord><Value>%s.example.com</Value></ResourceRecord></ResourceRecords>
                </ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>
                """
                        .formatted(colour, weight, colour.charAt(0)));
    }
}
