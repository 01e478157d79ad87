package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @TempDir
    private Path folder;

    @Test
    void the_policy_allows_what_the_agent_calls_and_nothing_else() throws IOException {
        assertThat(allowed()).containsExactlyElementsOf(called());
    }

    @Test
    void whoever_has_secrets_under_keys_of_his_own_may_decrypt_by_those_and_by_no_others() throws Exception {
        String key = "arn:aws:kms:eu-west-1:123456789012:key/1";

        assertThat(policy("[]").toString()).doesNotContain("kms");
        assertThat(policy("[\"" + key + "\"]").path("Statement"))
                .filteredOn(statement -> statement.toString().contains("kms"))
                .singleElement()
                .hasToString("{\"Action\":[\"kms:Decrypt\"],\"Effect\":\"Allow\",\"Resource\":[\"" + key + "\"]}");
    }

    /** The module's expressions as Terraform finds them, without the resources, which would need AWS. */
    private JsonNode policy(String keys) throws Exception {
        Path module = Path.of("terraform/aws/agent-policy");
        String main = Files.readString(module.resolve("main.tf"));
        Files.writeString(
                folder.resolve("main.tf"),
                main.substring(main.indexOf("locals {"), main.indexOf("resource \""))
                        .replace("${data.aws_partition.current.partition}", "aws"));
        for (String file : List.of("variables.tf", "actions.json")) {
            Files.copy(module.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        "$(command -v terraform || command -v tofu) console -var application=shop -var 'kms_key_arns="
                                + keys + "'")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().remove("TF_CLI_CONFIG_FILE"); // may name a file that is not there
        Process console = builder.start();
        try (Writer input = console.outputWriter()) {
            input.write("base64encode(local.json)\n");
        }
        String answer = new String(console.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(console.waitFor()).as(answer).isZero();
        return new ObjectMapper().readTree(Base64.getDecoder().decode(answer.replace("\"", "")));
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
