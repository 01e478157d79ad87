package io.pitstop.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.jtf.Limits;
import io.pitstop.jtf.Outputs;
import io.pitstop.jtf.Plan;
import io.pitstop.jtf.Terraform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules of terraform/local. What the environment does is in TerraformEnvironmentsTest. */
class LocalModulesTest {
    private static final Path MODULES = Path.of("terraform/local").toAbsolutePath();
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ZERO);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"environment", "traffic"})
    void a_module_is_valid_and_formatted(String module) throws Exception {
        terraform(MODULES.resolve(module)).validate();

        Process format = new ProcessBuilder("sh", "-c", "$(command -v terraform || command -v tofu) fmt -check -diff")
                .directory(MODULES.resolve(module).toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(format.getInputStream().readAllBytes())).isEmpty();
        assertThat(format.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"environment", "traffic"})
    void every_variable_and_output_is_described_and_every_variable_typed(String module) throws IOException {
        assertThat(blocks(MODULES.resolve(module).resolve("variables.tf"), "variable"))
                .isNotEmpty()
                .allMatch(block -> block.contains("  description = ") && block.contains("  type        = "));
        assertThat(blocks(MODULES.resolve(module).resolve("outputs.tf"), "output"))
                .isNotEmpty()
                .allMatch(block -> block.contains("  description = "));
    }

    @Test
    void the_proxy_gets_its_addresses_listens_and_ends_with_the_module() throws IOException {
        int listen;
        int admin;
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0)) {
            listen = one.getLocalPort();
            admin = two.getLocalPort();
        }
        Map<String, String> variables = Map.of(
                "application",
                "blog",
                "command",
                Path.of(System.getProperty("java.home"), "bin", "java") + " -XX:TieredStopAtLevel=1 -cp "
                        + Path.of("target/test-classes").toAbsolutePath() + " " + StandInProxy.class.getName(),
                "listen_port",
                Integer.toString(listen),
                "admin_port",
                Integer.toString(admin),
                "blue_port",
                "8081",
                "green_port",
                "8082",
                "health_path",
                "/health",
                "run_dir",
                folder.resolve("with a blank").toString());
        Terraform terraform = terraform(MODULES.resolve("traffic"));

        try (Plan plan = terraform.plan(variables, List.of())) {
            terraform.apply(plan);
        }
        Outputs outputs = terraform.outputs();
        Path token = Path.of(outputs.text("token_file").orElseThrow());

        assertThat(URI.create(outputs.text("url").orElseThrow()).getPort()).isEqualTo(listen);
        assertThat(URI.create(outputs.text("admin").orElseThrow()).getPort()).isEqualTo(admin);
        assertThat(token)
                .content()
                .isEqualTo("proxy --listen 127.0.0.1:" + listen + " --admin 127.0.0.1:" + admin
                        + " --blue http://127.0.0.1:8081/health --green http://127.0.0.1:8082/health --state-dir "
                        + token.getParent());
        terraform.destroy(variables);
        assertThat(canListen(listen) && canListen(admin)).isTrue();
    }

    private Terraform terraform(Path module) {
        Terraform terraform = new Terraform(module, folder.resolve("data"), System.getenv(), LIMITS, line -> {});
        terraform.init(Map.of("path", folder.resolve("state.tfstate").toString()));
        return terraform;
    }

    private static List<String> blocks(Path file, String kind) throws IOException {
        return Stream.of(Pattern.compile("^" + kind + " ", Pattern.MULTILINE).split(Files.readString(file)))
                .skip(1)
                .toList();
    }

    private static boolean canListen(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        }
    }
}
