package io.pitstop.traffic;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pitstop.aws.Aws;
import io.pitstop.config.AwsConfig;
import io.pitstop.config.TrafficStateConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.jtf.Plan;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/**
 * The module in test/…/traffic/alb with Terraform's real AWS provider and the real SDK on the emulator moto, which has two load
 * balancers. Skipped where provider or emulator are absent.
 */
class TrafficStateOnMotoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<String> NOTHING = Set.of();

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private Process moto;
    private URI address;
    private ElasticLoadBalancingV2Client elb;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> mirror = mirror();
        assumeTrue(mirror.isPresent(), "skipped: there is no mirror with Terraform's AWS provider 5 on this machine");
        assumeTrue(
                says("import moto.server"), "skipped: the emulator moto is not installed (pip install 'moto[server]')");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        address = URI.create("http://127.0.0.1:" + port);
        moto = new ProcessBuilder("python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("moto.log").toFile())
                .start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            assertThat(moto.isAlive() && System.nanoTime() < end)
                    .as("moto starts")
                    .isTrue();
            Thread.sleep(100);
        }
        elb = new Aws(new AwsConfig(Optional.empty(), Optional.empty(), Optional.empty()), client -> {
                    client.endpointOverride(address);
                    client.region(Region.EU_WEST_1);
                    client.credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
                })
                .loadBalancing();
        prepare(mirror.get());
    }

    @AfterEach
    void stop() throws Exception {
        if (moto != null) {
            moto.destroy();
            if (!moto.waitFor(10, TimeUnit.SECONDS)) {
                moto.destroyForcibly();
            }
        }
    }

    @Test
    void terraform_leaves_users_where_they_are_whatever_it_makes_anew() throws IOException {
        environment.put("TF_VAR_load_balancer_arn", balancer("one"));
        assertThat(state().isEmpty()).isTrue();
        apply(BLUE, Optional.empty(), NOTHING);
        assertThat(split("one")).isEqualTo(Split.allTo(BLUE));

        switchTo(GREEN, "one");
        Optional<Split> live = Optional.of(split("one"));
        try (Plan again = state().plan(GREEN)) {
            assertThat(again.isEmpty()).as("clean after the switch").isTrue();
        }

        // Another load balancer means another listener.
        environment.put("TF_VAR_load_balancer_arn", balancer("two"));
        assertThatThrownBy(() -> apply(GREEN, live, NOTHING))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("-/+ replace aws_lb_listener.this: load_balancer_arn (users stay where they are,"
                        + " but their connections are cut)");
        assertThat(split("one")).isEqualTo(Split.allTo(GREEN));
        apply(GREEN, live, Set.of("aws_lb_listener.this"));
        assertThat(split("two")).isEqualTo(Split.allTo(GREEN));

        // A module that does not leave the action alone, planned as if blue were live.
        Path main = folder.resolve("module/main.tf");
        Files.writeString(main, Files.readString(main).replace("ignore_changes = [default_action]", ""));
        assertThatThrownBy(() -> apply(BLUE, live, Set.of("aws_lb_listener.this")))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("~ update aws_lb_listener.this")
                .hasMessageContaining("it would move users");
        assertThat(split("two")).isEqualTo(Split.allTo(GREEN));
    }

    private void apply(Colour colour, Optional<Split> live, Set<String> accepted) {
        try (Plan plan = state().plan(colour)) {
            new TrafficPlanGuard(live, accepted).check(plan);
            state().apply(plan);
        }
    }

    private void prepare(Path mirror) throws IOException {
        Files.createDirectories(folder.resolve("module"));
        Files.copy(Path.of("test/io/pitstop/traffic/alb/main.tf"), folder.resolve("module/main.tf"));
        Path settings = Files.writeString(
                folder.resolve("terraform.rc"),
                """
                provider_installation {
                  filesystem_mirror {
                    path = "%s"
                  }
                }
                """
                        .formatted(mirror));
        environment.putAll(Map.of(
                "TF_CLI_CONFIG_FILE", settings.toString(),
                "AWS_ENDPOINT_URL", address.toString(),
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_REGION", "eu-west-1",
                "AWS_EC2_METADATA_DISABLED", "true",
                "TF_VAR_vpc_id", ec2("DescribeVpcs", "vpcId").get(0)));
        for (String name : List.of("one", "two")) {
            elb.createLoadBalancer(order ->
                    order.name(name).subnets(ec2("DescribeSubnets", "subnetId").subList(0, 2)));
        }
    }

    /** With the environment as it is now, as for each command of a pipeline. */
    private TrafficState state() {
        return new TrafficState(
                "shop",
                new TrafficStateConfig(folder.resolve("module"), Map.of("path", "traffic.tfstate")),
                folder,
                Duration.ofMinutes(3),
                environment,
                line -> {});
    }

    private String balancer(String name) {
        return elb.describeLoadBalancers(which -> which.names(name))
                .loadBalancers()
                .get(0)
                .loadBalancerArn();
    }

    private Split split(String balancer) {
        return new Split(forward(balancer).stream()
                .filter(group -> group.targetGroupArn().contains("/shop-blue/"))
                .findFirst()
                .orElseThrow()
                .weight());
    }

    private List<TargetGroupTuple> forward(String balancer) {
        return elb.describeListeners(which -> which.loadBalancerArn(balancer(balancer)))
                .listeners()
                .get(0)
                .defaultActions()
                .get(0)
                .forwardConfig()
                .targetGroups();
    }

    private void switchTo(Colour colour, String balancer) {
        List<TargetGroupTuple> groups = forward(balancer).stream()
                .map(group -> group.toBuilder()
                        .weight(group.targetGroupArn().contains("/shop-" + colour + "/") ? 100 : 0)
                        .build())
                .toList();
        String listener = elb.describeListeners(which -> which.loadBalancerArn(balancer(balancer)))
                .listeners()
                .get(0)
                .listenerArn();
        Action forward = Action.builder()
                .type(ActionTypeEnum.FORWARD)
                .forwardConfig(config -> config.targetGroups(groups))
                .build();
        elb.modifyListener(order -> order.listenerArn(listener).defaultActions(forward));
    }

    /** Values of an element in an answer of EC2, for which there is no client here. */
    private List<String> ec2(String action, String element) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host,"
                                + " Signature=0")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("Action=" + action + "&Version=2016-11-15"))
                .build();
        try {
            String told = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
            return Pattern.compile("<" + element + ">([^<]+)<")
                    .matcher(told)
                    .results()
                    .map(match -> match.group(1))
                    .distinct()
                    .toList();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            HttpRequest look = HttpRequest.newBuilder(address.resolve("/moto-api/data.json"))
                    .timeout(PATIENCE)
                    .build();
            return HttpClient.newHttpClient()
                            .send(look, BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean says(String python) throws InterruptedException {
        try {
            Process look = new ProcessBuilder("python3", "-c", python)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return look.waitFor(60, TimeUnit.SECONDS) && look.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The folder above registry.terraform.io, wherever it is. */
    private static Optional<Path> mirror() throws Exception {
        String named = System.getenv("PITSTOP_PROVIDER_MIRROR");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        Process find = new ProcessBuilder(
                        "sh", "-c", "find / -xdev -name 'terraform-provider-aws_v5*' 2>/dev/null | head -1")
                .start();
        String found = new String(find.getInputStream().readAllBytes()).strip();
        int end = found.indexOf("/registry.terraform.io/");
        return Stream.of(found)
                .filter(path -> end > 0)
                .map(path -> Path.of(path.substring(0, end)))
                .findFirst();
    }
}
