package io.pitstop.traffic.alb;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.aws.FakeElb;
import io.pitstop.aws.Fault;
import io.pitstop.aws.Hop;
import io.pitstop.aws.Moto;
import io.pitstop.config.AlbConfig;
import io.pitstop.config.ShiftConfig;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.release.Colour;
import io.pitstop.traffic.ShiftPlan;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TargetHealth;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** The emulator of AWS has load balancer shop with all requests on blue; each colour has a target on this machine. */
class AlbOnMotoTest {
    private static Moto moto;

    @BeforeAll
    static void start() {
        moto = Moto.start();
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.close();
        }
    }

    @BeforeEach
    void build() {
        moto.reset();
        try (ElasticLoadBalancingV2Client owner = moto.aws().loadBalancing()) {
            String balancer = owner.createLoadBalancer(
                            shop -> shop.name("shop").subnets(moto.subnets().subList(0, 2)))
                    .loadBalancers()
                    .get(0)
                    .loadBalancerArn();
            owner.createListener(http -> http.loadBalancerArn(balancer)
                    .port(80)
                    .protocol("HTTP")
                    .defaultActions(Albs.forward(group(owner, BLUE), 100, group(owner, GREEN), 0)));
        }
    }

    @Test
    void users_move_by_every_plan_and_back() {
        TrafficRouter router = new AlbRouter(alb(), moto.aws(), InstantSource.system());

        for (ShiftConfig plan : List.of(
                new ShiftConfig(ShiftConfig.Plan.ALL_AT_ONCE, List.of(100), Duration.ZERO),
                new ShiftConfig(ShiftConfig.Plan.CANARY, List.of(5, 25, 50, 100), Duration.ZERO),
                new ShiftConfig(ShiftConfig.Plan.LINEAR, List.of(20, 40, 60, 80, 100), Duration.ZERO))) {
            for (Split next : ShiftPlan.of(plan).remaining(router.split(), GREEN)) {
                router.shift(next);
                assertThat(new AlbRouter(alb(), moto.aws(), InstantSource.system()).split())
                        .isEqualTo(next);
            }
            assertThat(router.split()).isEqualTo(Split.allTo(GREEN));
            router.shift(Split.allTo(BLUE));
        }
        assertThat(router.health(GREEN)).isEqualTo(new TargetHealth(1, 1, ""));
    }

    @Test
    void a_bad_way_to_it_is_overcome_or_told() {
        try (Hop hop = new Hop(moto.address())) {
            TrafficRouter router = new AlbRouter(alb(), FakeElb.aws(hop.address()), InstantSource.system());
            hop.then("ModifyListener", Fault.throttled(), Fault.lostAfter());
            router.shift(Split.giving(GREEN, 5));
            assertThat(router.split()).isEqualTo(new Split(95));

            Fault lost = Fault.lostBefore();
            hop.then("ModifyListener", lost, lost, lost, lost);
            assertThatThrownBy(() -> router.shift(Split.allTo(GREEN))).isInstanceOf(OutcomeUnknown.class);
            assertThat(router.split()).isEqualTo(new Split(95));
        }
    }

    private static AlbConfig alb() {
        return Albs.balancer("shop", 80);
    }

    private static String group(ElasticLoadBalancingV2Client owner, Colour colour) {
        String arn = owner.createTargetGroup(group -> group.name("shop-" + colour)
                        .port(8080)
                        .protocol("HTTP")
                        .targetType("ip")
                        .vpcId(moto.vpc()))
                .targetGroups()
                .get(0)
                .targetGroupArn();
        owner.registerTargets(order -> order.targetGroupArn(arn).targets(Albs.target("127.0.0.1")));
        return arn;
    }
}
