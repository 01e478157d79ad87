package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.aws.Workshop.Root;
import io.pitstop.environment.FakeColour;
import io.pitstop.jtf.Plan;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One colour of one kind: from its first version over the second and a pause to its end. */
final class EnvironmentStory {
    private static final int DELAY_SECONDS = 2;

    private final Moto moto;
    private final Workshop workshop;

    EnvironmentStory(Moto moto, Workshop workshop) {
        this.moto = moto;
        this.workshop = workshop;
    }

    void tasks_on_fargate_run_a_version_then_another_pause_and_go() throws Exception {
        Map<String, String> constant = constant("ecs", "ip");
        constant.put("image", "registry.example.com/ecs");
        Root green = workshop.called("environment/ecs", "ecs-green", constant, line -> {});

        from_first_version_to_second(green);
        String service = moto.ecs("DescribeServices", "{\"cluster\": \"ecs-green\", \"services\": [\"ecs-green\"]}");
        assertThat(service).contains("\"desiredCount\": 2").contains("task-definition/ecs-green:2");

        // The emulator says that tasks run even where none are wanted: nobody can wait for none.
        green.apply(paused("0"));
        assertThat(moto.ecs("DescribeServices", "{\"cluster\": \"ecs-green\", \"services\": [\"ecs-green\"]}"))
                .contains("\"desiredCount\": 0");
        goes(green, "0");
    }

    void a_scaling_group_runs_a_version_then_another_pauses_and_goes() throws Exception {
        Map<String, String> constant = constant("asg", "instance");
        constant.put("ami_id", image());
        constant.put("start", "run $APP_VERSION");
        Root green = workshop.called("environment/asg", "asg-green", constant, line -> {});

        from_first_version_to_second(green);
        assertThat(groups("AutoScalingGroupName")).singleElement().asString().startsWith("asg-green-2-");
        assertThat(groups("Instances/member/LifecycleState")).containsExactly("InService", "InService");

        green.apply(paused("60"));
        assertThat(groups("DesiredCapacity")).containsExactly("0");
        goes(green, "60");
        assertThat(groups("AutoScalingGroupName")).isEmpty();
    }

    void plain_instances_run_a_version_then_another_pause_and_go() throws Exception {
        try (FakeColour application = FakeColour.start().status(request -> request < 4 ? 503 : 200)) {
            Map<String, String> constant = constant("ec2", "instance");
            constant.put("ami_id", image());
            constant.put("start", "run $APP_VERSION");
            constant.put("url", application.url().toString());
            Queue<String> progress = new ConcurrentLinkedQueue<>();
            Root green = workshop.called("environment/ec2", "ec2-green", constant, progress::add);

            green.apply(version("1", "r1"));
            assertThat(application.requests()).as("asked until it was well").isEqualTo(4);
            Set<String> first = targets(constant.get("target_group_arn"));
            assertThat(first).hasSize(2);

            progress.clear();
            from_first_version_to_second(green);
            assertThat(targets(constant.get("target_group_arn"))).hasSize(2).doesNotContainAnyElementsOf(first);
            instances_end_after_they_were_drained(List.copyOf(progress));

            green.apply(paused("60"));
            assertThat(targets(constant.get("target_group_arn"))).isEmpty();
            goes(green, "60");
        }
    }

    private void from_first_version_to_second(Root green) throws IOException {
        green.apply(version("1", "r1"));
        State state = green.state();
        assertThat(state.output("app_version")).isEqualTo("1");
        assertThat(state.output("colour")).isEqualTo("green");
        assertThat(state.output("url")).startsWith("http://");
        assertThat(state.output("log")).startsWith("/pitstop/").endsWith("/green");
        Map<String, JsonNode> tagged = state.tags();
        tagged.remove("aws_launch_template.this"); // has none here, see moto/asg.tf
        assertThat(tagged).isNotEmpty().allSatisfy((resource, tags) -> {
            assertThat(tags.path("Application").asText()).isIn("ecs", "asg", "ec2");
            assertThat(tags.path("Colour").asText()).isEqualTo("green");
            assertThat(tags.path("Version").asText()).isEqualTo("1");
            assertThat(tags.path("Release").asText()).isEqualTo("r1");
        });
        assertThat(green.pending(version("1", "r1"))).isEmpty();
        assertThat(green.pending(version("1", "r2")))
                .as("a second attempt with the same version")
                .isNotEmpty()
                .allSatisfy(change -> assertThat(change.action()).isEqualTo(Plan.Action.UPDATE));

        green.apply(version("2", "r2"));
        assertThat(green.state().output("app_version")).isEqualTo("2");
    }

    private void goes(Root green, String waitTimeout) throws IOException {
        assertThat(green.state().resources())
                .as("all but the compute is kept")
                .contains("aws_cloudwatch_log_group.this");
        green.destroy(paused(waitTimeout));
        assertThat(green.state().resources()).isEmpty();
    }

    private static void instances_end_after_they_were_drained(List<String> progress) {
        int taken = first(progress, "aws_lb_target_group_attachment.this[0]: Destruction complete");
        int drained = first(progress, "terraform_data.drain[0]: Destruction complete after " + DELAY_SECONDS + "s");
        int ended = first(progress, "aws_instance.this[0]: Destroying");
        assertThat(List.of(taken, drained, ended)).isSorted();
    }

    private static int first(List<String> progress, String beginning) {
        for (int i = 0; i < progress.size(); i++) {
            if (progress.get(i).startsWith(beginning)) {
                return i;
            }
        }
        throw new AssertionError(beginning + " is not among " + progress);
    }

    private Map<String, String> constant(String name, String targetType) {
        Network network = Network.make(moto, name);
        Map<String, String> constant = new HashMap<>(network.places());
        constant.put("application", name);
        constant.put("colour", "green");
        constant.put("url", "http://" + name + ".example.com:9002");
        constant.put("target_group_arn", network.targetGroup(moto, name + "-green", targetType, DELAY_SECONDS));
        constant.put("environment", "{\"GREETING\": \"it's\"}");
        constant.put(
                "secrets",
                "{\"DB_PASSWORD\": \"arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-x:password::\"}");
        return constant;
    }

    private static Map<String, String> version(String version, String release) {
        return Map.of("app_version", version, "release", release, "wait_timeout", "60");
    }

    private static Map<String, String> paused(String waitTimeout) {
        return Map.of("app_version", "2", "release", "r2", "running", "false", "wait_timeout", waitTimeout);
    }

    private String image() {
        return moto.ec2("DescribeImages", "Owner.1", "amazon").text("imagesSet/item/imageId");
    }

    private Set<String> targets(String targetGroup) {
        return new HashSet<>(moto.elb("DescribeTargetHealth", "TargetGroupArn", targetGroup)
                .texts("TargetHealthDescriptions/member/Target/Id"));
    }

    private List<String> groups(String path) {
        return moto.autoscaling("DescribeAutoScalingGroups").texts("AutoScalingGroups/member/" + path);
    }
}
