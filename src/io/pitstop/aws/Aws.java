package io.pitstop.aws;

import io.pitstop.config.AwsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Clients of AWS services that all act as the same role in the same region. What pitstop.yml does not say, the SDK finds as
 * it always does: environment variables, profiles, the role of the machine, endpoints, FIPS, proxies.
 *
 * <p>A client is for one command; all end with the process. Nothing is asked before a client's first call. Each of the
 * methods throws {@link io.pitstop.error.InvalidConfig} if the SDK finds no region, or an address that is none.
 */
public final class Aws {
    /** One attempt; an answer that comes later is lost to us. */
    public static final Duration ATTEMPT = Duration.ofSeconds(5);

    /** All attempts of one call, with the pauses between them. */
    public static final Duration CALL = Duration.ofSeconds(25);

    /** How often a call is tried at most. */
    static final int ATTEMPTS = 4;

    private final AwsConfig config;
    private final Consumer<AwsClientBuilder<?, ?>> adaptation;
    private final Runnable again;

    public Aws(AwsConfig config) {
        this(config, client -> {});
    }

    /** @param adaptation has the last word on each client, such as its endpoint and whom it acts as */
    public Aws(AwsConfig config, Consumer<AwsClientBuilder<?, ?>> adaptation) {
        this(config, adaptation, () -> {});
    }

    private Aws(AwsConfig config, Consumer<AwsClientBuilder<?, ?>> adaptation, Runnable again) {
        this.config = config;
        this.adaptation = adaptation;
        this.again = again;
    }

    /** @param again is run for each attempt of a call that is not its first; must return soon, and not throw */
    public Aws telling(Runnable again) {
        return new Aws(config, adaptation, again);
    }

    /**
     * Clients of which each call fails at once, on this machine, where nobody listens on port 1: for loading the classes that
     * a call needs.
     */
    public static Aws nowhere() {
        AwsConfig config = new AwsConfig(Optional.of("us-east-1"), Optional.empty(), Optional.empty());
        return new Aws(config, client -> client.endpointOverride(URI.create("http://127.0.0.1:1"))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")))
                .overrideConfiguration(client.overrideConfiguration().toBuilder()
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .build()));
    }

    public ElasticLoadBalancingV2Client loadBalancing() {
        return build(ElasticLoadBalancingV2Client.builder());
    }

    public CloudWatchClient cloudWatch() {
        return build(CloudWatchClient.builder());
    }

    public Route53Client dns() {
        return build(Route53Client.builder());
    }

    public SecretsManagerClient secrets() {
        return build(SecretsManagerClient.builder());
    }

    public SsmClient parameters() {
        return build(SsmClient.builder());
    }

    /** Tells as whom we act. */
    public StsClient identity() {
        return build(StsClient.builder());
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C build(B builder) {
        try {
            prepare(builder);
            config.role().ifPresent(role -> builder.credentialsProvider(assumed(role)));
            adaptation.accept(builder);
            builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
                    .addExecutionInterceptor(new Again(again))
                    .build());
            return builder.build();
        } catch (RuntimeException e) {
            // Nothing is asked here: it is the settings that the SDK cannot use, and it says so by many types, an
            // address
            // without a scheme by a NullPointerException, one that is none by a bare RuntimeException.
            throw AwsFailure.ofSettings(e);
        }
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> void prepare(B builder) {
        builder.httpClientBuilder(UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(2))
                // Left alone it looks at HTTP_PROXY, but AWS is reached by https.
                .proxyConfiguration(ProxyConfiguration.builder().scheme("https").build()));
        builder.overrideConfiguration(ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(ATTEMPT)
                .apiCallTimeout(CALL)
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .build())
                .build());
        config.region().map(Region::of).ifPresent(builder::region);
    }

    private AwsCredentialsProvider assumed(String role) {
        var sts = StsClient.builder();
        prepare(sts);
        sts.credentialsProvider(DefaultCredentialsProvider.builder().build());
        adaptation.accept(sts);
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts.build())
                .refreshRequest(request -> request.roleArn(role)
                        .roleSessionName("pitstop")
                        .externalId(config.externalId().orElse(null)))
                .build();
    }
}
