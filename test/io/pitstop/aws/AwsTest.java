package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process finds its way to AWS by the environment that it was started with. */
class AwsTest {
    private static final String NOBODY = "https://sts.example.invalid";

    @Test
    void an_endpoint_of_the_environment_is_asked() throws Exception {
        try (Moto moto = Moto.start()) {
            assertThat(whoAmI(Map.of("AWS_ENDPOINT_URL", moto.address().toString())))
                    .contains("I am arn:aws:sts::123456789012:user/moto");
        }
    }

    @Test
    void a_role_is_assumed_by_the_same_endpoint() throws Exception {
        try (Moto moto = Moto.start()) {
            assertThat(whoAmI(
                            Map.of("AWS_ENDPOINT_URL_STS", moto.address().toString()),
                            "arn:aws:iam::222222222222:role/deployer",
                            "an-external-id"))
                    .contains("I am arn:aws:sts::222222222222:assumed-role/deployer/pitstop");
        }
    }

    @Test
    void a_proxy_of_the_environment_is_taken_but_not_where_it_is_not_to_be() throws Exception {
        try (TunnelProxy proxy = TunnelProxy.start()) {
            Map<String, String> environment = Map.of("AWS_ENDPOINT_URL", NOBODY, "HTTPS_PROXY", proxy.address());
            assertThat(whoAmI(environment)).contains("no answer: ");
            assertThat(proxy.asked).isNotEmpty().allMatch(line -> line.startsWith("CONNECT sts.example.invalid:443 "));
            proxy.asked.clear();

            for (String exception : List.of("sts.example.invalid", "localhost,*.example.invalid")) {
                whoAmI(Map.of("AWS_ENDPOINT_URL", NOBODY, "HTTPS_PROXY", proxy.address(), "NO_PROXY", exception));
                assertThat(proxy.asked).as(exception).isEmpty();
            }
        }
    }

    @Test
    void the_endpoints_of_fips_are_asked_if_the_environment_says_so() throws Exception {
        try (TunnelProxy proxy = TunnelProxy.start()) {
            whoAmI(Map.of("AWS_USE_FIPS_ENDPOINT", "true", "AWS_REGION", "us-east-1", "HTTPS_PROXY", proxy.address()));

            assertThat(proxy.asked)
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("CONNECT sts-fips.us-east-1.amazonaws.com:443 "));
        }
    }

    @Test
    void a_region_that_nobody_named_is_asked_for() throws Exception {
        assertThat(whoAmI(Map.of("AWS_REGION", "")))
                .contains("wrong settings: ")
                .contains("Next: Set AWS_REGION ");
    }

    @Test
    void an_address_that_is_none_is_refused() throws Exception {
        for (String address : List.of("localhost:4566", "//localhost", "http://local host")) {
            assertThat(whoAmI(Map.of("AWS_ENDPOINT_URL", address)))
                    .as(address)
                    .contains("wrong settings: ")
                    .contains("Next: Correct AWS_ENDPOINT_URL");
        }
    }

    @Test
    void a_role_needs_a_region_too() throws Exception {
        assertThat(whoAmI(Map.of("AWS_REGION", ""), "arn:aws:iam::222222222222:role/deployer"))
                .contains("Next: Set AWS_REGION ");
    }

    private static String whoAmI(Map<String, String> environment, String... role)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WhoAmI.class.getName()));
        command.addAll(List.of(role));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(
                        name -> name.startsWith("AWS_") || name.matches("(?i)(https?|no|all)_proxy|JAVA_TOOL_OPTIONS"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", "test",
                        "AWS_SECRET_ACCESS_KEY", "test",
                        "AWS_REGION", "eu-west-1",
                        "AWS_EC2_METADATA_DISABLED", "true"));
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
