package io.pitstop.config;

import java.time.Duration;

/**
 * The {@code contract} section of pitstop.yml.
 *
 * @param after how long a switch must have lasted before the old schema may go
 * @param retain how long what it drops is kept at least
 * @param drainWithin how long to wait for the old colour to finish what it was sent
 */
public record ContractConfig(Duration after, Duration retain, Duration drainWithin) {
    static ContractConfig byDefault() {
        return new ContractConfig(Duration.ofHours(24), Duration.ofDays(30), Duration.ofMinutes(10));
    }

    static ContractConfig from(Section section) {
        ContractConfig config = new ContractConfig(
                section.duration("after", byDefault().after()),
                section.duration("retain", byDefault().retain()),
                section.positive("drainWithin", byDefault().drainWithin()));
        section.end();
        return config;
    }
}
