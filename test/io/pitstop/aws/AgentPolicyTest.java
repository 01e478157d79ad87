package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** The policy for the agent's role, beside all calls that the agent's classes can make. */
class AgentPolicyTest {
    private static final String SERVICES = "software.amazon.awssdk.services.";

    /** How a policy names a service, by the SDK's name. */
    private static final Map<String, String> PREFIXES = Map.of(
            "elasticloadbalancingv2", "elasticloadbalancing",
            "cloudwatch", "cloudwatch",
            "route53", "route53",
            "secretsmanager", "secretsmanager",
            "ssm", "ssm",
            "sts", "sts");

    @Test
    void the_policy_allows_what_the_agent_calls_and_nothing_else() throws IOException {
        assertThat(allowed()).containsExactlyElementsOf(called());
    }

    private static Set<String> allowed() throws IOException {
        JsonNode features = new ObjectMapper()
                .readTree(Path.of("terraform/aws/agent-policy/actions.json").toFile());
        Set<String> actions = new TreeSet<>();
        features.forEach(feature -> feature.forEach(action -> actions.add(action.asText())));
        return actions;
    }

    /** The demo is the emulator's administrator too, whom no role of ours is for. */
    private static Set<String> called() {
        JavaClasses agent = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.pitstop");
        Set<String> actions = new TreeSet<>();
        agent.stream()
                .filter(type -> !type.getPackageName().startsWith("io.pitstop.demo"))
                .flatMap(AgentPolicyTest::actions)
                .forEach(actions::add);
        return actions;
    }

    private static Stream<String> actions(JavaClass type) {
        return type.getAccessesFromSelf().stream()
                .flatMap(access -> action(access.getTargetOwner(), access.getName()).stream());
    }

    private static Optional<String> action(JavaClass owner, String method) {
        if (owner.isEquivalentTo(StsAssumeRoleCredentialsProvider.class)) {
            return Optional.of("sts:AssumeRole");
        }
        boolean isCall = owner.isAssignableTo(SdkClient.class)
                && owner.getPackageName().startsWith(SERVICES)
                && !Set.of("builder", "create", "close", "serviceName", "waiter")
                        .contains(method);
        if (!isCall) {
            return Optional.empty();
        }
        String service = owner.getPackageName().substring(SERVICES.length());
        String action = method.replaceFirst("Paginator$", "");
        return Optional.of(PREFIXES.get(service) + ":" + Character.toUpperCase(action.charAt(0)) + action.substring(1));
    }
}
