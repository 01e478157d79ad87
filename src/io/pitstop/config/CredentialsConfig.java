package io.pitstop.config;

import java.util.Optional;

/**
 * Where AWS keeps the password of the database, and maybe the user: as JSON with {@code username} and {@code password}, as
 * RDS writes it, or as the password alone. One of the two is set.
 *
 * @param secretsManager name or ARN of a secret of Secrets Manager
 * @param ssm name or ARN of a parameter of Systems Manager
 */
public record CredentialsConfig(Optional<String> secretsManager, Optional<String> ssm) {
    static CredentialsConfig from(Section section) {
        section.onlyKey("secretsManager", "ssm");
        CredentialsConfig config = new CredentialsConfig(
                section.find("secretsManager", CredentialsConfig::nonBlank, "the name or ARN of a secret"),
                section.find("ssm", CredentialsConfig::nonBlank, "the name or ARN of a parameter"));
        section.end();
        return config;
    }

    private static Optional<String> nonBlank(String text) {
        return Optional.of(text).filter(name -> !name.isBlank());
    }

    @Override
    public String toString() {
        return secretsManager.map(name -> "secret " + name).orElseGet(() -> "parameter " + ssm.orElseThrow());
    }
}
