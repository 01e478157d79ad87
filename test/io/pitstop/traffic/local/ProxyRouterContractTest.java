package io.pitstop.traffic.local;

import static io.pitstop.traffic.local.FaultyAdmin.answer;
import static io.pitstop.traffic.local.FaultyAdmin.forward;

import io.pitstop.config.LocalConfig;
import io.pitstop.proxy.TestProxy;
import io.pitstop.release.Colour;
import io.pitstop.traffic.RouterContract;
import io.pitstop.traffic.TrafficRouter;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The built-in proxy, behind a hop that counts. */
class ProxyRouterContractTest extends RouterContract {
    @TempDir
    private Path folder;

    @Override
    protected RouterUnderTest open() {
        return new CountedProxy(new TestProxy(folder));
    }

    private static final class CountedProxy implements RouterUnderTest {
        private final TestProxy proxy;
        private final FaultyAdmin hop = new FaultyAdmin();
        private final TrafficRouter router;

        CountedProxy(TestProxy proxy) {
            this.proxy = proxy;
            hop.then(forward(proxy.admin()));
            router = new ProxyRouter(new LocalConfig(hop.address(), proxy.tokenFile()));
        }

        @Override
        public TrafficRouter router() {
            return router;
        }

        @Override
        public int orders() {
            return (int)
                    hop.calls().stream().filter(call -> call.startsWith("PUT")).count();
        }

        @Override
        public void sicken(Colour colour) {
            proxy.sicken(colour);
        }

        @Override
        public void fallSilent() {
            hop.close();
        }

        @Override
        public void talkNonsense() {
            hop.then(answer(200, "{\"blue\":60,\"green\":60,\"version\":1}"));
            router.split(); // the last call that is forwarded
        }

        @Override
        public void close() {
            hop.close();
            proxy.close();
        }
    }
}
