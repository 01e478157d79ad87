package io.pitstop.traffic;

import io.pitstop.aws.Aws;
import io.pitstop.config.HaproxyConfig;
import io.pitstop.config.LocalConfig;
import io.pitstop.config.Route53Config;
import io.pitstop.config.RouterConfig;

/** Opens the router that pitstop.yml asks for. A new kind of router is one new case here. */
public final class Routers {
    private Routers() {}

    /** @param aws for the routers that are there; asks nobody yet */
    public static TrafficRouter open(RouterConfig router, Aws aws) {
        // No default: a new kind of router must not compile until it is handled.
        return switch (router.kind()) {
            case LOCAL -> new ProxyRouter((LocalConfig) router);
            case HAPROXY -> new HaproxyRouter((HaproxyConfig) router);
            case ROUTE53 -> new Route53Router((Route53Config) router, aws.dns(), Route53Router.PAUSE);
            case ALB -> throw new UnsupportedOperationException(router.kind() + " of " + aws);
        };
    }
}
