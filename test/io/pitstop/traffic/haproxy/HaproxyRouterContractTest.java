package io.pitstop.traffic.haproxy;

import io.pitstop.config.HaproxyConfig;
import io.pitstop.config.PerColour;
import io.pitstop.release.Colour;
import io.pitstop.traffic.RouterContract;
import io.pitstop.traffic.TrafficRouter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** By the runtime API of a real HAProxy. */
class HaproxyRouterContractTest extends RouterContract {
    @TempDir
    private Path folder;

    @Override
    protected RouterUnderTest open() {
        return new World(folder);
    }

    private static final class World implements RouterUnderTest {
        private final TestHaproxy haproxy;
        private final HaproxyHop hop;
        private final TrafficRouter router;

        World(Path folder) {
            haproxy = new TestHaproxy(folder, "balance roundrobin");
            hop = new HaproxyHop(folder.resolve("hop.sock"), haproxy.socket());
            router = new HaproxyRouter(new HaproxyConfig(
                    hop.socket().toString(),
                    "blog",
                    new PerColour("blue", "green"),
                    Optional.empty(),
                    Duration.ofSeconds(5)));
        }

        @Override
        public TrafficRouter router() {
            return router;
        }

        @Override
        public int orders() {
            return (int) hop.orders();
        }

        @Override
        public void sicken(Colour colour) {
            haproxy.application(colour).sicken();
            haproxy.awaitStatus(colour, "DOWN");
        }

        @Override
        public void fallSilent() {
            hop.close();
        }

        @Override
        public void talkNonsense() {
            haproxy.tell("set server blog/other weight 50");
        }

        @Override
        public void close() {
            hop.close();
            haproxy.close();
        }
    }
}
