package io.pitstop.config;

import java.time.Duration;

/**
 * The {@code contract} section of pitstop.yml.
 *
 * @param after how long a switch must have lasted before the old schema may go
 */
public record ContractConfig(Duration after) {
    static ContractConfig byDefault() {
        return new ContractConfig(Duration.ofHours(24));
    }

    static ContractConfig from(Section section) {
        ContractConfig config =
                new ContractConfig(section.duration("after", byDefault().after()));
        section.end();
        return config;
    }
}
