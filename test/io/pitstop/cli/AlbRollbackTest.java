package io.pitstop.cli;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.FakeElb;
import io.pitstop.cli.AgentProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All users are on green, which a load balancer splits; there is no database and no Terraform. */
class AlbRollbackTest {
    @TempDir
    private Path folder;

    private final FakeElb elb = new FakeElb();

    @BeforeEach
    void all_users_are_on_green() throws IOException {
        elb.weigh(0, 100);
        Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: shop
                database: { url: "jdbc:postgresql://127.0.0.1:1/none" }
                environments: { terraform: none, health: { path: / } }
                traffic: { alb: { loadBalancer: shop } }
                """);
    }

    @AfterEach
    void stop() {
        elb.close();
    }

    @Test
    void a_rollback_is_one_order_to_aws_and_needs_nothing_else() throws Exception {
        Ended ended = pitstop("rollback", "--without-journal", "--to", "blue");

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

    @Test
    void whoever_rolls_back_without_a_database_is_told_the_order_that_needs_none() throws Exception {
        Ended ended = pitstop("rollback");

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(5);
        assertThat(ended.output())
                .contains("The router serves blue 0 %, green 100 %.")
                .contains("Next: Run pitstop rollback --without-journal --to blue if green");
        assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 0, GREEN, 100));
    }

    @Test
    void who_serves_users_is_shown_without_a_database_too() throws Exception {
        Ended ended = pitstop("status", "--result", "status.json");

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(5);
        assertThat(ended.output())
                .contains("  traffic    blue 0 %, green 100 %")
                .contains("The journal cannot be asked: The database cannot be reached");
        assertThat(Files.readString(folder.resolve("status.json"))).contains("blue 0 %, green 100 %");
    }

    private Ended pitstop(String... arguments) throws Exception {
        Map<String, String> environment = Map.of(
                "PITSTOP_DB_USER", "shop",
                "AWS_ENDPOINT_URL", elb.address().toString(),
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_EC2_METADATA_DISABLED", "true",
                "PATH", folder.toString());
        return new AgentProcess(folder, environment).run(arguments);
    }
}
