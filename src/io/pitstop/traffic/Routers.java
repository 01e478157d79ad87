package io.pitstop.traffic;

import io.pitstop.aws.Aws;
import io.pitstop.config.AlbConfig;
import io.pitstop.config.HaproxyConfig;
import io.pitstop.config.LocalConfig;
import io.pitstop.config.Route53Config;
import io.pitstop.config.RouterConfig;
import io.pitstop.metrics.Meters;
import io.pitstop.traffic.alb.AlbExamination;
import io.pitstop.traffic.alb.AlbRouter;
import io.pitstop.traffic.haproxy.HaproxyExamination;
import io.pitstop.traffic.haproxy.HaproxyRouter;
import io.pitstop.traffic.local.ProxyRouter;
import io.pitstop.traffic.route53.Route53Examination;
import io.pitstop.traffic.route53.Route53Router;
import java.time.InstantSource;
import java.util.List;

/** Opens the router that pitstop.yml asks for. A new kind of router is one new case here. */
public final class Routers {
    private Routers() {}

    /** Looks at what a switch needs beside the split itself, and changes nothing; nothing where the router has no more. */
    public static List<Observation> observe(RouterConfig router, Aws aws) {
        return switch (router.kind()) {
            case ALB -> new AlbExamination((AlbConfig) router, aws).observe();
            case HAPROXY -> new HaproxyExamination((HaproxyConfig) router).observe();
            case ROUTE53 -> new Route53Examination((Route53Config) router, aws::dns).observe();
            case LOCAL -> List.of();
        };
    }

    /** @param aws for the routers that are there; asks nobody yet */
    public static TrafficRouter open(RouterConfig router, Aws aws) {
        return open(router, aws, Meters.NONE);
    }

    /** @param meters get how often a read was tried again; of those of AWS its clients tell */
    public static TrafficRouter open(RouterConfig router, Aws aws, Meters meters) {
        // No default: a new kind of router must not compile until it is handled.
        return switch (router.kind()) {
            case LOCAL -> new ProxyRouter((LocalConfig) router, meters);
            case ALB -> new AlbRouter((AlbConfig) router, aws, InstantSource.system());
            case HAPROXY -> new HaproxyRouter((HaproxyConfig) router);
            case ROUTE53 -> new Route53Router((Route53Config) router, aws::dns, Route53Router.PAUSE);
        };
    }
}
