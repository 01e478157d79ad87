package io.pitstop.traffic;

import io.pitstop.config.TrafficConfig;

/** Opens the router that pitstop.yml asks for. A new kind of router is one new case here. */
public final class Routers {
    private Routers() {}

    public static TrafficRouter open(TrafficConfig traffic) {
        // No default: a new kind of router must not compile until it is handled.
        return switch (traffic.router()) {
            case LOCAL -> new ProxyRouter(traffic.local());
        };
    }
}
