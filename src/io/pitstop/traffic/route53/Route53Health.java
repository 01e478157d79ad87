package io.pitstop.traffic.route53;

import io.pitstop.aws.AwsFailure;
import io.pitstop.traffic.TargetHealth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;
import software.amazon.awssdk.services.route53.model.HealthCheckObservation;
import software.amazon.awssdk.services.route53.model.HealthCheckType;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/** Health by the health check of a record. Without one nobody knows, and nobody is sent there. */
final class Route53Health {
    /** Route 53 finds an endpoint healthy if more than this share of its checkers does. */
    private static final int ENOUGH_PERCENT = 18;

    private static final Set<HealthCheckType> WITH_CHECKERS = Set.of(
            HealthCheckType.HTTP,
            HealthCheckType.HTTPS,
            HealthCheckType.HTTP_STR_MATCH,
            HealthCheckType.HTTPS_STR_MATCH,
            HealthCheckType.TCP);

    private final Supplier<Route53Client> dns;
    private final Map<String, HealthCheckConfig> known = new HashMap<>();

    Route53Health(Supplier<Route53Client> dns) {
        this.dns = dns;
    }

    TargetHealth of(ResourceRecordSet record) {
        return muteness(record)
                .map(Route53Health::unhealthy)
                .orElseGet(() -> judged(asked(record.healthCheckId(), check -> dns.get()
                        .getHealthCheckStatus(request -> request.healthCheckId(check))
                        .healthCheckObservations())));
    }

    /** Why nobody can tell the health of {@code record}, whatever it is; empty if the checkers of Route 53 do. */
    Optional<String> muteness(ResourceRecordSet record) {
        if (record.healthCheckId() == null) {
            return Optional.of(
                    "record " + record.setIdentifier() + " has no health check that tells: give it one of its"
                            + " endpoint, also beside EvaluateTargetHealth");
        }
        HealthCheckConfig config = asked(
                record.healthCheckId(),
                check -> known.computeIfAbsent(check, id -> dns.get()
                        .getHealthCheck(request -> request.healthCheckId(id))
                        .healthCheck()
                        .healthCheckConfig()));
        return Optional.of(mute(config))
                .filter(mute -> !mute.isEmpty())
                .map(mute -> "health check " + record.healthCheckId() + " " + mute);
    }

    private static <T> T asked(String check, Function<String, T> question) {
        try {
            return question.apply(check);
        } catch (SdkException e) {
            throw AwsFailure.of("Health check " + check + " cannot be read", e);
        }
    }

    /** Why the checkers' words do not tell the health; empty if they do. */
    private static String mute(HealthCheckConfig config) {
        if (!WITH_CHECKERS.contains(config.type())) {
            return "is of type " + config.typeAsString() + ", whose status Route 53 does not tell";
        }
        if (Boolean.TRUE.equals(config.disabled())) {
            return "is disabled";
        }
        return Boolean.TRUE.equals(config.inverted()) ? "is inverted" : "";
    }

    private static TargetHealth judged(List<HealthCheckObservation> observations) {
        List<String> failures = observations.stream()
                .map(observation -> String.valueOf(observation.statusReport().status()))
                .filter(status -> !status.startsWith("Success"))
                .toList();
        int good = observations.size() - failures.size();
        if (good * 100 > ENOUGH_PERCENT * observations.size()) {
            return new TargetHealth(1, 1, "");
        }
        return unhealthy(good + " of " + observations.size() + " checkers of Route 53 find it healthy"
                + failures.stream().findFirst().map(first -> ": " + first).orElse(""));
    }

    private static TargetHealth unhealthy(String reason) {
        return new TargetHealth(0, 1, reason);
    }
}
