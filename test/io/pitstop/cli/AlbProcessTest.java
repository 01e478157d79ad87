package io.pitstop.cli;

import static io.pitstop.release.Colour.BLUE;
import static io.pitstop.release.Colour.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.FakeElb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command in a process of its own, in front of a load balancer that its environment leads to. */
class AlbProcessTest {
    /** A budget of 1.5 s is for the packaged program, with its archive of classes; here are neither. */
    private static final Duration MOST_CPU = Duration.ofSeconds(8);

    @TempDir
    private Path folder;

    private Duration cpu = Duration.ZERO;

    @Test
    void users_go_back_for_little_work_of_the_processor() throws Exception {
        try (FakeElb elb = new FakeElb()) {
            elb.weigh(0, 100);
            configure(elb);

            Ended rollback = run(
                    Map.of("AWS_ENDPOINT_URL", elb.address().toString(), "AWS_REGION", "eu-west-1"),
                    "rollback",
                    "--without-journal",
                    "--to",
                    "blue");

            assertThat(rollback.code()).as(rollback.output()).isZero();
            assertThat(elb.weights()).isEqualTo(Map.of(BLUE, 100, GREEN, 0));
            assertThat(cpu).isPositive().isLessThan(MOST_CPU);
        }
    }

    @Test
    void a_region_that_is_missing_is_no_defect_of_pitstop() throws Exception {
        try (FakeElb elb = new FakeElb()) {
            configure(elb);

            Ended rollback = run(Map.of(), "rollback", "--without-journal", "--to", "blue");

            assertThat(rollback.code()).as(rollback.output()).isEqualTo(2);
            assertThat(rollback.output()).contains("Set AWS_REGION").doesNotContain("defect");
        }
    }

    @Test
    void doctor_goes_on_where_a_region_is_missing() throws Exception {
        try (FakeElb elb = new FakeElb()) {
            configure(elb);
            assertGoesOn(run(Map.of(), "doctor"));
        }
        configure("route53: { zone: Z1, record: shop.example.com }");
        assertGoesOn(run(Map.of(), "doctor"));
    }

    @Test
    void a_bake_that_is_too_short_for_its_gates_is_told_before_a_switch_and_by_doctor() throws Exception {
        configure("route53: { zone: Z1, record: shop.example.com }");
        Files.writeString(
                folder.resolve("pitstop.yml"),
                "gates: [{ cloudwatch: { alarm: \"shop-{colour}\" } }, { http: { path: / } }]\n",
                StandardOpenOption.APPEND);

        assertThat(run(Map.of(), "doctor").output())
                .containsOnlyOnce("BAD  gates")
                .contains("the gate cloudwatch alarm shop-{colour} needs a bake of 3m or more to tell, and has 2m");
        assertThat(run(Map.of(), "switch-traffic", "--bake-time", "150s").output())
                .containsOnlyOnce("warning: the gate")
                .contains("and has 150s");
        assertThat(run(Map.of(), "switch-traffic", "--bake-time", "3m").output())
                .doesNotContain("warning: the gate");
    }

    private static void assertGoesOn(Ended doctor) {
        assertThat(doctor.code()).as(doctor.output()).isEqualTo(3);
        assertThat(doctor.output())
                .contains("BAD  router")
                .contains("Set AWS_REGION")
                .contains("ok   migrations");
    }

    private void configure(FakeElb elb) throws IOException {
        configure("alb: { listener: \"%s\", targetGroups: { blue: \"%s\", green: \"%s\" } }"
                .formatted(elb.listener(), elb.group(BLUE), elb.group(GREEN)));
    }

    private void configure(String traffic) throws IOException {
        Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: shop
                database: { url: "jdbc:postgresql://127.0.0.1:1/none" }
                environments: { terraform: none, health: { path: / } }
                traffic: { %s }
                smoke: [{ http: { path: / } }]
                """
                        .formatted(traffic));
    }

    private record Ended(int code, String output) {}

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("AWS_.*|PITSTOP_.*|(?i:.*_proxy)|JAVA_.*"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", "test",
                        "AWS_SECRET_ACCESS_KEY", "test",
                        "AWS_EC2_METADATA_DISABLED", "true",
                        "PITSTOP_DB_USER", "none",
                        "PITSTOP_DB_PASSWORD", "none"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        for (int look = 0; look < 1200 && !process.waitFor(50, TimeUnit.MILLISECONDS); look++) {
            // What an ended process took is not told any more.
            process.info().totalCpuDuration().ifPresent(taken -> cpu = taken);
        }
        assertThat(process.isAlive()).isFalse();
        return new Ended(process.exitValue(), Files.readString(output));
    }
}
