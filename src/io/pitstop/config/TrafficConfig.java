package io.pitstop.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code traffic} section of pitstop.yml.
 *
 * @param router which router splits the traffic, and how to reach it
 * @param health when a colour's targets are good enough to get users
 * @param shift how traffic moves
 * @param state the Terraform module of the router; empty if somebody else looks after that
 */
public record TrafficConfig(
        RouterConfig router, HealthPolicy health, ShiftConfig shift, Optional<TrafficStateConfig> state) {
    static TrafficConfig from(Section section, Path folder, String application) {
        TrafficConfig config = new TrafficConfig(
                router(section, folder, application),
                section.findSection("health").map(HealthPolicy::from).orElse(HealthPolicy.byDefault()),
                section.findSection("shift").map(ShiftConfig::from).orElse(ShiftConfig.byDefault()),
                TrafficStateConfig.from(section, folder));
        section.end();
        return config;
    }

    private static RouterConfig router(Section section, Path folder, String application) {
        RouterConfig.Kind kind = kind(section);
        Section settings = section.section(kind.key());
        // No default: a new kind of router must not compile until it is handled.
        return switch (kind) {
            case LOCAL -> LocalConfig.from(settings, folder);
            case ALB -> AlbConfig.from(settings, application);
            case HAPROXY -> HaproxyConfig.from(settings, application);
            case ROUTE53 -> Route53Config.from(settings);
        };
    }

    private static RouterConfig.Kind kind(Section section) {
        RouterConfig.Kind found = null;
        for (RouterConfig.Kind kind : RouterConfig.Kind.values()) {
            if (section.has(kind.key())) {
                if (found != null) {
                    throw section.invalid(
                            kind.key(),
                            section.path(kind.key()) + " is a second router beside " + found.key() + ".",
                            "Leave one of them.");
                }
                found = kind;
            }
        }
        if (found == null) {
            throw section.invalid(
                    section.path("alb") + " is missing, and any other router.",
                    "Add one of alb, haproxy, route53 and local below traffic.");
        }
        return found;
    }
}
