package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.aws.Workshop.Root;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A whole configuration of terraform/aws/examples with its states in a bucket: both colours, a switch, a new version. */
final class ExampleStory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUCKET = "state";

    private final Moto moto;
    private final Workshop workshop;

    ExampleStory(Moto moto, Workshop workshop) {
        this.moto = moto;
        this.workshop = workshop;
    }

    void neither_colour_touches_the_other_or_the_split() throws Exception {
        moto.createBucket(BUCKET);
        Root traffic = workshop.root(
                "examples/ecs/traffic",
                moto,
                BUCKET,
                "blog/traffic.tfstate",
                Map.of("agent_cidrs", "[\"10.9.0.0/16\"]", "deletion_protection", "false", "aws_max_retries", "2"));
        traffic.apply(Map.of());
        the_policy_allows_what_the_agent_calls(traffic.state());
        Root blue = environment("blue");
        Root green = environment("green");

        together(() -> blue.apply(version("blue", "1")), () -> green.apply(version("green", "1")));
        assertThat(moto.objects(BUCKET))
                .as("a state each, and no lock is left")
                .containsExactlyInAnyOrder("blog/traffic.tfstate", "blog/blue.tfstate", "blog/green.tfstate");
        Split split = new Split(moto, traffic.state());
        split.moveListener(0, 100);
        String trafficState = moto.object(BUCKET, "blog/traffic.tfstate");
        String greenState = moto.object(BUCKET, "blog/green.tfstate");

        blue.apply(version("blue", "2"));

        assertThat(split.ofListener()).isEqualTo(Map.of("blue", 0, "green", 100));
        assertThat(moto.object(BUCKET, "blog/green.tfstate")).isEqualTo(greenState);
        assertThat(moto.object(BUCKET, "blog/traffic.tfstate")).isEqualTo(trafficState);
        together(
                () -> assertThat(green.pending(version("green", "1"))).isEmpty(),
                () -> assertThat(traffic.pending(Map.of())).isEmpty());
        together(() -> blue.destroy(version("blue", "2")), () -> green.destroy(version("green", "1")));
        traffic.destroy(Map.of());
        assertThat(traffic.state().resources()).isEmpty();
    }

    private Root environment(String colour) {
        return workshop.root(
                "examples/ecs/environment",
                moto,
                BUCKET,
                "blog/" + colour + ".tfstate",
                Map.of("image", "registry.example.com/blog", "aws_max_retries", "2", "release", "r1"));
    }

    private static Map<String, String> version(String colour, String version) {
        return Map.of("application", "blog", "colour", colour, "app_version", version);
    }

    private void the_policy_allows_what_the_agent_calls(State traffic) throws Exception {
        String document = moto.iam("GetPolicyVersion", "PolicyArn", traffic.output("agent_policy"), "VersionId", "v1")
                .text("PolicyVersion/Document");
        JsonNode policy = JSON.readTree(URLDecoder.decode(document, StandardCharsets.UTF_8));
        JsonNode list =
                JSON.readTree(Files.readString(workshop.module("agent-policy").resolve("actions.json")));
        List<String> listed = new ArrayList<>();
        list.forEach(feature -> feature.forEach(action -> listed.add(action.asText())));
        List<String> allowed = new ArrayList<>();
        for (JsonNode statement : policy.path("Statement")) {
            assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
            for (JsonNode action : statement.path("Action")) {
                allowed.add(action.asText());
                boolean anywhere = statement.path("Resource").toString().equals("[\"*\"]");
                boolean reads = action.asText().matches(".*:(Describe|Get[MC]).*");
                assertThat(anywhere).as(action + " on anything").isEqualTo(reads);
            }
        }
        assertThat(listed).containsAll(allowed);
        assertThat(allowed)
                .doesNotHaveDuplicates()
                .contains("elasticloadbalancing:ModifyListener", "secretsmanager:GetSecretValue")
                .doesNotContain("elasticloadbalancing:ModifyRule", "route53:ChangeResourceRecordSets");
        assertThat(policy.toString()).contains(traffic.output("listener"), traffic.output("database_secret"));
    }

    private static void together(Runnable one, Runnable other) {
        CompletableFuture.allOf(CompletableFuture.runAsync(one), CompletableFuture.runAsync(other))
                .join();
    }
}
