package io.pitstop.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One entry of {@code gates} in pitstop.yml. */
public sealed interface GateConfig
        permits GateConfig.Http,
                GateConfig.Router,
                DatabaseGateConfig,
                PrometheusConfig,
                CloudWatchAlarmConfig,
                CloudWatchMetricConfig {
    /** A request to the candidate's own address that must be answered with a status, time after time. */
    record Http(String path, int expect, Duration within) implements GateConfig {}

    /**
     * What the router itself measures for the candidate since the split was moved.
     *
     * @param errors most failed requests as a fraction, 0 to 1
     * @param atLeast requests before a verdict; fewer at the end of the bake count as unhealthy
     */
    record Router(double errors, Optional<Duration> p95, Optional<Duration> p99, int atLeast) implements GateConfig {}

    static GateConfig from(Section entry, RouterConfig.Kind router) {
        return switch (entry.onlyKey("http", "router", "database", "prometheus", "cloudwatch")) {
            case "http" -> http(entry.section("http"));
            case "router" -> router(entry.section("router"), router);
            case "database" -> DatabaseGateConfig.from(entry.section("database"));
            case "prometheus" -> PrometheusConfig.from(entry.section("prometheus"));
            case "cloudwatch" -> cloudWatch(entry.section("cloudwatch"));
            default -> {
                for (String kind : List.of("http", "router", "database", "prometheus", "cloudwatch")) {
                    entry.findSection(kind);
                }
                entry.end();
                throw new IllegalStateException("end() refuses an unknown kind");
            }
        };
    }

    private static Http http(Section section) {
        Http http = new Http(
                section.requestPath("path"),
                section.integer("expect", 200),
                section.positive("within", Duration.ofSeconds(2)));
        section.end();
        return http;
    }

    private static GateConfig cloudWatch(Section section) {
        return section.has("alarm") ? CloudWatchAlarmConfig.from(section) : CloudWatchMetricConfig.from(section);
    }

    private static Router router(Section section, RouterConfig.Kind kind) {
        if (kind.measures() == RouterConfig.Measures.NOTHING) {
            throw section.invalid(
                    "traffic." + kind.key() + " counts no requests, so that it cannot be a gate.",
                    "Use a cloudwatch or prometheus gate instead.");
        }
        Router router = new Router(
                section.find("errors", Quantity::percent, "a percentage such as 0.1%")
                        .orElse(0.01),
                section.findDuration("p95"),
                section.findDuration("p99"),
                section.integer("atLeast", 20));
        if (kind.measures() != RouterConfig.Measures.LATENCY
                && (router.p95().isPresent() || router.p99().isPresent())) {
            throw section.invalid(
                    "traffic." + kind.key() + " measures no latency of single requests.",
                    "Leave p95 and p99 out, and ask Prometheus for them.");
        }
        if (router.atLeast() < 1) {
            throw section.invalidValue(
                    "atLeast", "Choose 1 or more, since no request says nothing; 20 is a good start.");
        }
        section.end();
        return router;
    }
}
