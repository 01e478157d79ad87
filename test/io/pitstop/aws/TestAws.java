package io.pitstop.aws;

import io.pitstop.config.AwsConfig;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** AWS at an address of this machine, with credentials that mean nothing. */
public final class TestAws {
    private TestAws() {}

    public static Aws at(URI endpoint) {
        return new Aws(
                new AwsConfig(Optional.of("eu-west-1"), Optional.empty(), Optional.empty()),
                client -> client.endpointOverride(endpoint)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))));
    }
}
