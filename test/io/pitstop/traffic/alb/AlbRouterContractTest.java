package io.pitstop.traffic.alb;

import io.pitstop.aws.FakeElb;
import io.pitstop.release.Colour;
import io.pitstop.traffic.RouterContract;
import io.pitstop.traffic.Routers;
import io.pitstop.traffic.TrafficRouter;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.FixedResponseActionConfig;

/** The default action of a listener that is found by load balancer and port. */
class AlbRouterContractTest extends RouterContract {
    @Override
    protected RouterUnderTest open() {
        return new OnFakeElb();
    }

    private static final class OnFakeElb implements RouterUnderTest {
        private final FakeElb elb = new FakeElb();
        private final TrafficRouter router = Routers.open(Albs.named(), elb.aws());
        private int strangers;

        @Override
        public TrafficRouter router() {
            return router;
        }

        @Override
        public int orders() {
            return elb.orders() - strangers;
        }

        @Override
        public void sicken(Colour colour) {
            elb.sicken(colour);
        }

        @Override
        public void fallSilent() {
            elb.close();
        }

        @Override
        public void talkNonsense() {
            try (ElasticLoadBalancingV2Client stranger = elb.client()) {
                stranger.modifyListener(Albs.order(
                        elb.listener(),
                        Albs.action("fixed-response").toBuilder()
                                .fixedResponseConfig(FixedResponseActionConfig.builder()
                                        .statusCode("503")
                                        .build())
                                .build()));
            }
            strangers++;
        }

        @Override
        public void close() {
            elb.close();
        }
    }
}
