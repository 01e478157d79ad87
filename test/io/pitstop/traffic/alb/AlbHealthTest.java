package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.FakeElb;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** What a load balancer finds of the targets of green, which is idle. */
class AlbHealthTest {
    private final FakeElb elb = new FakeElb();
    private final TrafficRouter router = new AlbRouter(Albs.byArn(elb), elb.aws(), InstantSource.system());
    private final ElasticLoadBalancingV2Client stranger = elb.client();

    @AfterEach
    void stop() {
        stranger.close();
        elb.close();
    }

    @Test
    void states_of_targets_are_told_apart() {
        elb.register(GREEN, "green-2", 8080);
        elb.find(GREEN, "unhealthy", "Target.Timeout");
        elb.firstChecksTake(Duration.ofHours(1));
        elb.register(GREEN, "green-3", 8080);
        stranger.deregisterTargets(
                order -> order.targetGroupArn(elb.group(GREEN)).targets(Albs.target("green-2")));

        assertThat(router.health(GREEN))
                .isEqualTo(new TargetHealth(
                        0,
                        2,
                        "1 draining, 1 initial (their first health checks are not over), 1 unhealthy (Target.Timeout, as"
                                + " told); with none healthy the load balancer would use all"));
        elb.find(BLUE, "healthy", null);
        assertThat(router.health(BLUE)).isEqualTo(new TargetHealth(1, 1, ""));
    }

    @Test
    void a_group_that_only_drains_has_no_targets() {
        stranger.deregisterTargets(
                order -> order.targetGroupArn(elb.group(GREEN)).targets(Albs.target("green-1")));
        assertThat(router.health(GREEN)).isEqualTo(new TargetHealth(0, 0, "1 draining"));

        elb.pass(Duration.ofSeconds(300));
        assertThat(router.health(GREEN)).isEqualTo(new TargetHealth(0, 0, "its target group is empty"));
    }
}
