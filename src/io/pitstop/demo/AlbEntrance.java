package io.pitstop.demo;

import io.pitstop.demo.alb.EmulatedNetwork;
import io.pitstop.error.InvalidConfig;
import io.pitstop.jtf.Outputs;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A load balancer of AWS, emulated: moto answers for AWS, Terraform's AWS provider makes listener and target groups there,
 * and the built-in proxy carries the traffic, by the weights and targets that the emulator tells.
 */
final class AlbEntrance implements Entrance {
    private static final String PROCESS = "terraform/local/environment";
    private static final String TRAFFIC = "terraform/aws/emulated/traffic";
    private static final String EMULATOR = "exec python3 -m moto.server -H 127.0.0.1 -p \"$PORT\"";

    private final List<String> agent;
    private final StageFolder folder;
    private final Ports ports;
    private final Modules modules;
    private final Consumer<String> progress;
    private Map<String, String> configValues = Map.of();

    /** @param agent how the agent is called, up to its first argument */
    AlbEntrance(List<String> agent, StageFolder folder, Ports ports, Modules modules, Consumer<String> progress) {
        this.agent = agent;
        this.folder = folder;
        this.ports = ports;
        this.modules = modules;
        this.progress = progress;
    }

    @Override
    public void open() {
        refuseWithoutEmulator();
        progress.accept("starting an emulator of AWS");
        modules.apply("emulator", PROCESS, process("emulator", ports.api(), EMULATOR));
        EmulatedNetwork network = EmulatedNetwork.create(endpoint(), "blog");
        progress.accept("making listener and target groups by Terraform's AWS provider");
        Outputs made = modules.apply(
                "traffic",
                TRAFFIC,
                Map.of("application", "blog", "vpc_id", network.vpc(), "load_balancer_arn", network.loadBalancer()));
        configValues = Map.of(
                "LISTENER", made.text("listener").orElseThrow(),
                "BLUE_GROUP", made.text("blue_group").orElseThrow(),
                "GREEN_GROUP", made.text("green_group").orElseThrow());
        modules.apply("data-plane", PROCESS, process("data-plane", ports.listen(), dataPlane()));
    }

    /** What Terraform made in the emulator ends with the emulator. */
    @Override
    public void close() {
        modules.destroy("data-plane", PROCESS, process("data-plane", ports.listen(), "none"));
        modules.destroy("emulator", PROCESS, process("emulator", ports.api(), "none"));
    }

    /** As for AWS itself, but for the endpoint. */
    @Override
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", endpoint().toString(),
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "emulated",
                "AWS_SECRET_ACCESS_KEY", "emulated",
                "AWS_EC2_METADATA_DISABLED", "true");
    }

    @Override
    public String template() {
        return "resources/demo/pitstop-aws.yml";
    }

    @Override
    public Map<String, String> configValues() {
        return configValues;
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + ports.api());
    }

    private String dataPlane() {
        return "exec " + agent.stream().map(StageFolder::quoted).collect(Collectors.joining(" "))
                + " emulated-alb --listen \"127.0.0.1:$PORT\" --state-dir \"$PITSTOP_RUN_DIR\" --listener '"
                + configValues.get("LISTENER") + "' --blue-group '" + configValues.get("BLUE_GROUP")
                + "' --green-group '" + configValues.get("GREEN_GROUP") + "'";
    }

    /** A process that is no colour, kept by the module that keeps those. */
    private Map<String, String> process(String name, int port, String command) {
        return Map.of(
                "application",
                name,
                "colour",
                "blue",
                "app_version",
                "1",
                "command",
                command,
                "blue_port",
                String.valueOf(port),
                "green_port",
                String.valueOf(port),
                "run_dir",
                folder.resolve("run").toString());
    }

    private static void refuseWithoutEmulator() {
        try {
            Process look = new ProcessBuilder("python3", "-c", "import moto.server")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (look.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            throw without(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw without(e);
        }
        throw without(null);
    }

    private static InvalidConfig without(Exception cause) {
        return new InvalidConfig(
                "There is no emulator of AWS: python3 does not find moto.",
                "Install it with pip install 'moto[server]', or run the demo without --aws.",
                cause);
    }
}
