package io.pitstop.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pitstop.config.CredentialsConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A password of the database that AWS keeps.
 *
 * @param user whose it is; empty if only the password is kept
 */
public record StoredLogin(Optional<String> user, String password) {
    private static final Set<String> NOT_THERE = Set.of(
            "ResourceNotFoundException", "ParameterNotFound", "ParameterVersionNotFound", "InvalidRequestException");

    /**
     * Reads it from AWS.
     *
     * @throws InvalidConfig if it is not there, holds no password, or we may not read it
     * @throws DependencyFailed if AWS does not answer
     */
    public static StoredLogin read(Aws aws, CredentialsConfig where) {
        try {
            String text = where.secretsManager().isPresent()
                    ? secret(aws, where.secretsManager().get())
                    : parameter(aws, where.ssm().orElseThrow());
            return of(text, where);
        } catch (SdkException e) {
            if (AwsFailure.code(e).filter(NOT_THERE::contains).isPresent()) {
                throw new InvalidConfig(
                        "AWS has no " + where + " for us: " + AwsFailure.words(e),
                        "Check database.credentials, and aws.region and aws.role.",
                        e);
            }
            throw AwsFailure.of("The " + where + " cannot be read", e);
        }
    }

    private static String secret(Aws aws, String name) {
        return aws.secrets().getSecretValue(request -> request.secretId(name)).secretString();
    }

    private static String parameter(Aws aws, String name) {
        return aws.parameters()
                .getParameter(request -> request.name(name).withDecryption(true))
                .parameter()
                .value();
    }

    private static StoredLogin of(String text, CredentialsConfig where) {
        JsonNode json = json(text == null ? "" : text);
        String user = json.path("username").asText();
        String password = json.isObject()
                ? json.path("password").asText()
                : String.valueOf(text == null ? "" : text).replaceAll("\\R+$", "");
        if (password.isEmpty()) {
            throw new InvalidConfig(
                    "The " + where + " holds no password.",
                    "Store the password alone, or JSON with the keys username and password.");
        }
        return new StoredLogin(Optional.of(user).filter(name -> !name.isBlank()), password);
    }

    /** What it holds; what cannot be read is a password that looks like JSON, and must not show in an exception. */
    private static JsonNode json(String text) {
        try {
            JsonNode read = text.stripLeading().startsWith("{") ? new ObjectMapper().readTree(text) : null;
            return read == null ? MissingNode.getInstance() : read;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public String toString() {
        return "login of " + user.orElse("nobody");
    }
}
