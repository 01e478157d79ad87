package io.pitstop.config;

import java.time.Duration;

/**
 * The {@code contract} section of pitstop.yml.
 *
 * @param after how long a switch must have lasted before the old schema may go
 * @param retain how long what it drops is kept at least
 */
public record ContractConfig(Duration after, Duration retain) {
    static ContractConfig byDefault() {
        return new ContractConfig(Duration.ofHours(24), Duration.ofDays(30));
    }

    static ContractConfig from(Section section) {
        ContractConfig config = new ContractConfig(
                section.duration("after", byDefault().after()),
                section.duration("retain", byDefault().retain()));
        section.end();
        return config;
    }
}
