package io.pitstop.config;

/**
 * When a colour's targets are good enough to get users.
 *
 * @param atLeast healthy targets, 1 or more
 * @param ofLive healthy targets as a fraction of those of the live colour, 0 to 1
 * @param reads how many good answers of the router in a row it takes, 1 or more
 */
public record HealthPolicy(int atLeast, double ofLive, int reads) {
    static HealthPolicy byDefault() {
        return new HealthPolicy(1, 1, 3);
    }

    static HealthPolicy from(Section section) {
        HealthPolicy policy = new HealthPolicy(
                section.integer("atLeast", byDefault().atLeast()),
                section.find("ofLive", Quantity::percent, "a percentage such as 100%")
                        .orElse(byDefault().ofLive()),
                section.integer("reads", byDefault().reads()));
        if (policy.atLeast() < 1) {
            throw section.invalidValue("atLeast", "Choose 1 or more: users cannot be served by nothing.");
        }
        if (policy.reads() < 1 || policy.reads() > 100) {
            throw section.invalidValue("reads", "Choose 1 to 100; 3 is a good start.");
        }
        section.end();
        return policy;
    }
}
