package io.pitstop.traffic;

import io.pitstop.config.TrafficStateConfig;
import io.pitstop.database.Database;
import io.pitstop.error.InvalidConfig;
import io.pitstop.jtf.Limits;
import io.pitstop.jtf.Plan;
import io.pitstop.jtf.Terraform;
import io.pitstop.release.Colour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The Terraform root module and state of what splits the traffic. The split itself is the router's: the module says how it
 * begins, by its variable {@code initial_live}, and ignores it from then on.
 */
public final class TrafficState {
    private static final Duration LOCK = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final String application;
    private final TrafficStateConfig config;
    private final Path folder;
    private final Duration timeout;
    private final Map<String, String> environment;
    private final Consumer<String> progress;

    /**
     * @param folder of pitstop.yml
     * @param timeout longest time of one Terraform command
     * @param environment for Terraform, which gets all but our access to the database
     */
    public TrafficState(
            String application,
            TrafficStateConfig config,
            Path folder,
            Duration timeout,
            Map<String, String> environment,
            Consumer<String> progress) {
        this.application = application;
        this.config = config;
        this.folder = folder.toAbsolutePath().normalize();
        this.timeout = timeout;
        this.environment = Database.withoutAccess(environment);
        this.progress = progress;
    }

    /** True if nothing was ever applied to the state, as far as its outputs tell. Prepares the module. */
    public boolean isEmpty() {
        Terraform terraform = open(Map.of());
        terraform.init(backend());
        return terraform.outputs().isEmpty();
    }

    /**
     * Plans with {@code live} as the colour that everything that is made begins with, and shows the plan.
     *
     * @throws InvalidConfig if the module takes another colour
     */
    public Plan plan(Colour live) {
        Terraform terraform = open(Map.of("TF_VAR_application", application, "TF_VAR_initial_live", live.toString()));
        terraform.init(backend());
        Plan plan = terraform.plan(Map.of(), List.of());
        plan.lines().forEach(line -> progress.accept("plan: " + line));
        plan.variable("initial_live")
                .filter(used -> !used.equals(live.toString()))
                .ifPresent(used -> {
                    plan.close();
                    throw new InvalidConfig(
                            config.terraform() + " takes " + used + " for its variable initial_live, not the " + live
                                    + " that is live.",
                            "Remove initial_live from the module's .tfvars files.");
                });
        return plan;
    }

    public void apply(Plan plan) {
        open(Map.of()).apply(plan);
    }

    private Terraform open(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Terraform(
                config.terraform(),
                folder.resolve(".pitstop/terraform/traffic"),
                all,
                new Limits(timeout, GRACE, LOCK),
                line -> progress.accept("traffic: " + line));
    }

    private Map<String, String> backend() {
        // As for the colours: Terraform takes the path as relative to the module.
        boolean local =
                Set.of("path", "workspace_dir").containsAll(config.backend().keySet());
        Map<String, String> settings = new HashMap<>();
        config.backend().forEach((key, value) -> {
            String filled = value.replace("{application}", application);
            settings.put(key, local ? folder.resolve(filled).toString() : filled);
        });
        return settings;
    }
}
