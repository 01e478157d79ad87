package io.pitstop.config;

import java.util.Optional;

/**
 * The {@code aws} section of pitstop.yml: what the AWS SDK does not find in its own settings. Credentials, endpoints, FIPS
 * and proxies come as the SDK takes them, by environment variables and profiles.
 *
 * @param region such as {@code eu-west-1}; empty for the SDK's own
 * @param role ARN of a role to assume; empty to act as who we are
 * @param externalId what the role's trust policy may ask for
 */
public record AwsConfig(Optional<String> region, Optional<String> role, Optional<String> externalId) {
    static AwsConfig byDefault() {
        return new AwsConfig(Optional.empty(), Optional.empty(), Optional.empty());
    }

    static AwsConfig from(Section section) {
        AwsConfig config = new AwsConfig(
                section.find("region", Optional::of, "a region"),
                section.find("role", AwsConfig::role, "the ARN of a role"),
                section.find("externalId", Optional::of, "text"));
        section.end();
        return config;
    }

    private static Optional<String> role(String text) {
        return text.matches("arn:[a-z-]+:iam::\\d{12}:role/.+") ? Optional.of(text) : Optional.empty();
    }
}
