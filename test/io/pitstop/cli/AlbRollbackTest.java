package io.pitstop.cli;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.FakeElb;
import io.pitstop.cli.AgentProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All users are on green, which a load balancer splits; there is no database and no Terraform. */
class AlbRollbackTest {
    @TempDir
    private Path folder;

    @Test
    void a_rollback_is_one_order_to_aws_and_needs_nothing_else() throws Exception {
        try (FakeElb elb = new FakeElb()) {
            elb.weigh(0, 100);
            Files.writeString(
                    folder.resolve("pitstop.yml"),
                    """
                    application: shop
                    database: { url: "jdbc:postgresql://127.0.0.1:1/none" }
                    environments: { terraform: none, health: { path: / } }
                    traffic: { alb: { loadBalancer: shop } }
                    """);
            Map<String, String> environment = Map.of(
                    "AWS_ENDPOINT_URL", elb.address().toString(),
                    "AWS_REGION", "eu-west-1",
                    "AWS_ACCESS_KEY_ID", "test",
                    "AWS_SECRET_ACCESS_KEY", "test",
                    "AWS_EC2_METADATA_DISABLED", "true",
                    "PATH", folder.toString());

            Ended ended = new AgentProcess(folder, environment).run("rollback", "--without-journal", "--to", "blue");

            assertThat(ended.exitCode()).as(ended.output()).isZero();
            assertThat(ended.output()).contains("blue is live");
            assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 100, GREEN, 0));
            assertThat(elb.calls())
                    .as("found by name, looked at for health, then moved as any shift")
                    .containsExactly(
                            "DescribeLoadBalancers",
                            "DescribeListeners",
                            "DescribeTargetGroups",
                            "DescribeTargetHealth",
                            "DescribeListeners",
                            "DescribeTargetHealth",
                            "DescribeListeners",
                            "ModifyListener",
                            "DescribeListeners",
                            "DescribeListeners"); // whether cookies keep users
        }
    }
}
