package io.pitstop.demo;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The built-in proxy, started by Terraform. */
final class LocalEntrance implements Entrance {
    private static final String MODULE = "terraform/local/traffic";

    private final List<String> agent;
    private final StageFolder folder;
    private final Ports ports;
    private final Modules modules;

    /** @param agent how the agent is called, up to its first argument */
    LocalEntrance(List<String> agent, StageFolder folder, Ports ports, Modules modules) {
        this.agent = agent;
        this.folder = folder;
        this.ports = ports;
        this.modules = modules;
    }

    @Override
    public void open() {
        modules.apply("traffic", MODULE, variables());
    }

    @Override
    public void close() {
        modules.destroy("traffic", MODULE, variables());
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public String template() {
        return "resources/demo/pitstop.yml";
    }

    @Override
    public Map<String, String> configValues() {
        return Map.of(
                "ADMIN_PORT", String.valueOf(ports.admin()),
                "TOKEN_FILE", folder.resolve("run/blog-proxy/token").toString());
    }

    private Map<String, String> variables() {
        return Map.of(
                "application", "blog",
                "command", agent.stream().map(StageFolder::quoted).collect(Collectors.joining(" ")),
                "listen_port", String.valueOf(ports.listen()),
                "admin_port", String.valueOf(ports.admin()),
                "blue_port", String.valueOf(ports.blue()),
                "green_port", String.valueOf(ports.green()),
                "health_path", "/health",
                "run_dir", folder.resolve("run").toString());
    }
}
