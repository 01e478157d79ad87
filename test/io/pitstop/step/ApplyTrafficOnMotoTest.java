package io.pitstop.step;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.aws.Fault;
import io.pitstop.aws.Hop;
import io.pitstop.aws.Moto;
import io.pitstop.aws.ProviderMirror;
import io.pitstop.config.AlbConfig;
import io.pitstop.config.PerColour;
import io.pitstop.config.TrafficStateConfig;
import io.pitstop.database.TestDatabase;
import io.pitstop.error.OutcomeUnknown;
import io.pitstop.release.Actor;
import io.pitstop.release.Colour;
import io.pitstop.release.ReleaseJournal;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.TrafficRouter;
import io.pitstop.traffic.TrafficState;
import io.pitstop.traffic.alb.AlbRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;

/**
 * Terraform's real AWS provider on a bad way to an emulated AWS, while users are on green. Whatever becomes of its orders, what
 * the command says of users is so.
 */
class ApplyTrafficOnMotoTest {
    private static final String LISTENER = "aws_lb_listener.this";

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Moto moto;
    private Hop hop;
    private ElasticLoadBalancingV2Client elb;
    private TrafficRouter router;

    @BeforeEach
    void a_load_balancer_and_a_bad_way_to_it() throws IOException {
        Path settings = ProviderMirror.cliConfig(folder.resolve("terraform.rc"));
        moto = Moto.start();
        hop = new Hop(moto.address());
        elb = moto.aws().loadBalancing();
        String balancer = elb.createLoadBalancer(
                        shop -> shop.name("shop").subnets(moto.subnets().subList(0, 2)))
                .loadBalancers()
                .get(0)
                .loadBalancerArn();
        environment.putAll(moto.environment());
        environment.putAll(Map.of(
                "PATH", System.getenv("PATH"),
                "TF_CLI_CONFIG_FILE", settings.toString(),
                "AWS_ENDPOINT_URL", hop.address().toString(),
                "TF_VAR_vpc_id", moto.vpc(),
                "TF_VAR_load_balancer_arn", balancer));
        Path main = Files.createDirectories(folder.resolve("module")).resolve("main.tf");
        String module = Files.readString(Path.of("test/io/pitstop/traffic/alb/main.tf"));
        Files.writeString(
                main,
                module.replace("max_retries = 2", "max_retries = 4")
                                .replace("  port              = 80", "  port              = var.port")
                        + "\nvariable \"port\" {\n  type    = number\n  default = 80\n}\n");
        router = new AlbRouter(
                new AlbConfig(
                        Optional.empty(),
                        Optional.of("shop"),
                        Map.of(),
                        80,
                        Optional.empty(),
                        new PerColour("shop-blue", "shop-green"),
                        AlbConfig.Stickiness.WAIT,
                        Duration.ofSeconds(2)),
                moto.aws(),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        if (hop != null) {
            hop.close();
            elb.close();
            moto.close();
        }
    }

    @Test
    void what_is_said_of_users_is_so_whatever_becomes_of_the_orders_of_terraform() throws IOException {
        hop.then("CreateListener", Fault.throttled()).then("DescribeTargetGroups", Fault.throttled());
        assertThat(apply(80)).startsWith("Applied; the split is blue 100 %, green 0 %");
        assertThat(served()).isEqualTo(Split.allTo(BLUE));

        move(GREEN);
        hop.then("ModifyListener", Fault.throttled(), Fault.lostAfter());
        assertThat(apply(81))
                .as("an order whose answer was lost is given again")
                .startsWith("Applied; the split is blue 0 %, green 100 %");
        assertThat(served()).isEqualTo(Split.allTo(GREEN));
        assertThat(hop.calls()).filteredOn("ModifyListener"::equals).hasSize(3);

        hop.then("ModifyListener", Fault.after(() -> move(BLUE), Fault.none()));
        assertThatThrownBy(() -> apply(82))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("was to stay blue 0 %, green 100 %, but is " + served());
        assertThat(served()).isEqualTo(Split.allTo(BLUE));
    }

    private String apply(int port) throws IOException {
        environment.put("TF_VAR_port", Integer.toString(port));
        TrafficState state = new TrafficState(
                "shop",
                new TrafficStateConfig(folder.resolve("module"), Map.of("path", "traffic.tfstate")),
                folder,
                Duration.ofMinutes(3),
                environment,
                line -> {});
        ReleaseJournal silent = new ReleaseJournal(TestDatabase.unreachable(), "shop", new Actor("ann", "", "node-1"));
        return new ApplyTraffic(silent, router, state, line -> {})
                .run(false, Set.of(LISTENER))
                .message();
    }

    private void move(Colour colour) {
        elb.modifyListener(order -> order.listenerArn(listener().listenerArn())
                .defaultActions(listener().defaultActions().stream()
                        .map(action -> action.toBuilder()
                                .targetGroupArn(null)
                                .forwardConfig(
                                        forward -> forward.targetGroups(action.forwardConfig().targetGroups().stream()
                                                .map(group -> group.toBuilder()
                                                        .weight(
                                                                group.targetGroupArn()
                                                                                .contains("/shop-" + colour + "/")
                                                                        ? 100
                                                                        : 0)
                                                        .build())
                                                .toList()))
                                .build())
                        .toList()));
    }

    /** What the emulator itself says, past all faults. */
    private Split served() {
        return new Split(listener().defaultActions().get(0).forwardConfig().targetGroups().stream()
                .filter(group -> group.targetGroupArn().contains("/shop-blue/"))
                .findFirst()
                .orElseThrow()
                .weight());
    }

    private Listener listener() {
        return elb.describeListeners(all -> all.loadBalancerArn(environment.get("TF_VAR_load_balancer_arn")))
                .listeners()
                .get(0);
    }
}
