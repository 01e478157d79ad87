package io.pitstop.traffic.route53;

import io.pitstop.config.PerColour;
import io.pitstop.config.Route53Config;
import io.pitstop.release.Colour;
import io.pitstop.traffic.RouterContract;
import io.pitstop.traffic.TrafficRouter;
import java.time.Duration;

/** By the SDK, against Route 53 as its documents tell it. */
class Route53RouterContractTest extends RouterContract {
    @Override
    protected RouterUnderTest open() {
        return new World();
    }

    private static final class World implements RouterUnderTest {
        private final FakeRoute53 route53 = new FakeRoute53();
        private final TrafficRouter router = new Route53Router(
                new Route53Config(
                        "Z1", "shop.example.com", "A", new PerColour("blue", "green"), Duration.ofSeconds(10)),
                route53.aws()::dns,
                Duration.ofMillis(10));

        @Override
        public TrafficRouter router() {
            return router;
        }

        @Override
        public int orders() {
            return route53.orders().size();
        }

        @Override
        public void sicken(Colour colour) {
            route53.report(colour, "Failure: HTTP Status Code 503");
        }

        @Override
        public void fallSilent() {
            route53.close();
        }

        @Override
        public void talkNonsense() {
            route53.zone().add(FakeRoute53.record("purple", 1));
        }

        @Override
        public void close() {
            route53.close();
        }
    }
}
