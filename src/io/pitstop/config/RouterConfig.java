package io.pitstop.config;

import java.util.Locale;

/** How to reach the router that splits the traffic: one record for each kind of router. */
public sealed interface RouterConfig permits LocalConfig, AlbConfig, HaproxyConfig, Route53Config {
    /** The kinds of routers, as their keys in pitstop.yml. */
    enum Kind {
        LOCAL(Measures.LATENCY),
        ALB(Measures.NOTHING),
        HAPROXY(Measures.ERRORS),
        ROUTE53(Measures.NOTHING);

        private final Measures measures;

        Kind(Measures measures) {
            this.measures = measures;
        }

        /** What a router gate can ask a router of this kind for. */
        public Measures measures() {
            return measures;
        }

        /** The key in pitstop.yml, below {@code traffic}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a router counts for each colour. */
    enum Measures {
        /** Ask CloudWatch or Prometheus instead. */
        NOTHING,
        /** Requests and failed requests. */
        ERRORS,
        /** Requests, failed requests, and how long each took. */
        LATENCY
    }

    Kind kind();
}
