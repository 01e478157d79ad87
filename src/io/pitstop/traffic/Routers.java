package io.pitstop.traffic;

import io.pitstop.aws.Aws;
import io.pitstop.config.AlbConfig;
import io.pitstop.config.LocalConfig;
import io.pitstop.config.RouterConfig;
import java.time.InstantSource;

/** Opens the router that pitstop.yml asks for. A new kind of router is one new case here. */
public final class Routers {
    private Routers() {}

    /** @param aws for the routers that are there; asks nobody yet */
    public static TrafficRouter open(RouterConfig router, Aws aws) {
        // No default: a new kind of router must not compile until it is handled.
        return switch (router.kind()) {
            case LOCAL -> new ProxyRouter((LocalConfig) router);
            case ALB -> new AlbRouter((AlbConfig) router, aws, InstantSource.system());
            case HAPROXY, ROUTE53 -> throw new UnsupportedOperationException(router.kind() + " of " + aws);
        };
    }
}
