package io.pitstop.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * pitstop.yml, complete with its defaults. A config that was loaded is a valid config.
 *
 * @param file the file it came from, absolute; the paths in it are relative to the file's folder
 * @param application lower case letters, digits and hyphens: it names sessions, releases and state files
 * @param check how migrations are judged
 * @param aws how AWS is reached, if something there is used
 * @param metrics where the figures of running commands go
 * @param notifications who is told of what happens to a release
 * @param approvals the steps that nobody may run before somebody has approved what they would do
 * @param asWritten what to show instead of a value that came from an environment variable
 */
public record PitstopConfig(
        Path file,
        String application,
        DatabaseConfig database,
        MigrationsConfig migrations,
        EnvironmentsConfig environments,
        TrafficConfig traffic,
        List<SmokeConfig> smoke,
        List<GateConfig> gates,
        ContractConfig contract,
        CheckConfig check,
        AwsConfig aws,
        MetricsConfig metrics,
        List<NotificationConfig> notifications,
        List<Approvable> approvals,
        AsWritten asWritten) {

    /**
     * Reads and checks the file.
     *
     * @param environment environment variables, for {@code ${NAME}} in values
     * @throws io.pitstop.error.InvalidConfig naming file and line
     */
    public static PitstopConfig load(Path file, Map<String, String> environment) {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        ConfigFile source = new ConfigFile(file, environment);
        Section root = source.read();
        String application = root.text("application");
        if (!application.matches("[a-z][a-z0-9-]{0,31}")) {
            throw root.invalidValue(
                    "application", "Use up to 32 lower case letters, digits and hyphens, a letter first.");
        }
        TrafficConfig traffic = TrafficConfig.from(root.section("traffic"), folder, application);
        PitstopConfig config = new PitstopConfig(
                absolute,
                application,
                DatabaseConfig.from(root.section("database")),
                root.findSection("migrations")
                        .map(section -> MigrationsConfig.from(section, folder))
                        .orElseGet(() -> MigrationsConfig.byDefault(folder)),
                EnvironmentsConfig.from(root.section("environments"), folder),
                traffic,
                root.sections("smoke").stream().map(SmokeConfig::from).toList(),
                gates(root, traffic),
                root.findSection("contract").map(ContractConfig::from).orElse(ContractConfig.byDefault()),
                root.findSection("check")
                        .map(section -> CheckConfig.from(section, folder))
                        .orElseGet(CheckConfig::byDefault),
                root.findSection("aws").map(AwsConfig::from).orElse(AwsConfig.byDefault()),
                root.findSection("metrics")
                        .map(section -> MetricsConfig.from(section, folder))
                        .orElseGet(MetricsConfig::byDefault),
                NotificationConfig.all(root),
                root.list(
                        "approvals",
                        Approvable::of,
                        "deploy-green, switch-traffic or contract",
                        List.of(Approvable.CONTRACT)),
                source.asWritten());
        root.end();
        return config;
    }

    private static List<GateConfig> gates(Section root, TrafficConfig traffic) {
        return root.sections("gates").stream()
                .map(entry -> GateConfig.from(entry, traffic.router().kind()))
                .toList();
    }

    /** The folder that the paths in the file are relative to. */
    public Path folder() {
        return file.getParent();
    }
}
