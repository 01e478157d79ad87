package io.pitstop.environment;

import io.pitstop.config.EnvironmentsConfig;
import io.pitstop.database.Database;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.jtf.Limits;
import io.pitstop.jtf.Outputs;
import io.pitstop.jtf.Plan;
import io.pitstop.jtf.Terraform;
import io.pitstop.release.Colour;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One Terraform root module, applied once for each colour, with a state for each.
 *
 * <p>The module declares the variables {@code application}, {@code colour} and {@code app_version}, and the outputs
 * {@code url} and {@code app_version}. Three more outputs are optional: {@code colour} guards against a state that belongs
 * to the other colour, {@code log} is where to look if the colour does not become healthy, and {@code restart} lists the
 * addresses of what to replace if it is not healthy although nothing is to be changed.
 */
public final class TerraformEnvironments implements Environments {
    /** A state is locked for long only by another run; one that was killed leaves Terraform a moment to finish. */
    private static final Duration LOCK = Duration.ofSeconds(30);

    private static final Duration GRACE = Duration.ofMinutes(2);

    /** How long nobody may listen where a colour is to stay as it is, before it counts as dead. */
    private static final Duration HICCUP = Duration.ofSeconds(2);

    private final String application;
    private final EnvironmentsConfig config;
    private final Path folder;
    private final Map<String, String> environment;
    private final Consumer<String> progress;

    /**
     * @param folder folder of pitstop.yml
     * @param environment environment variables for Terraform and for what it starts, which get all but our access to
     *     the database
     * @param progress gets what happens, line by line
     */
    public TerraformEnvironments(
            String application,
            EnvironmentsConfig config,
            Path folder,
            Map<String, String> environment,
            Consumer<String> progress) {
        this.application = application;
        this.config = config;
        this.folder = folder.toAbsolutePath().normalize();
        this.environment = Database.withoutAccess(environment);
        this.progress = progress;
    }

    @Override
    public Environment apply(Colour colour, String version) {
        Terraform terraform = open(colour);
        terraform.init(backend(colour));
        refuseOther(colour, terraform.outputs());
        boolean changed = change(terraform, variables(colour, version), List.of());
        Outputs outputs = terraform.outputs();
        Environment applied = environment(colour, outputs);
        if (!applied.version().equals(version)) {
            throw new InvalidConfig(
                    config.terraform() + " was applied with app_version " + version + " but its output app_version is "
                            + applied.version() + ".",
                    "Make the output app_version the version that runs.");
        }
        HealthCheck health = new HealthCheck(healthAddress(applied));
        if (!changed) {
            revive(terraform, colour, version, outputs, health);
        }
        health.complaint(config.health().within()).ifPresent(complaint -> {
            throw unhealthy(applied, complaint, outputs);
        });
        return applied;
    }

    @Override
    public Optional<Environment> find(Colour colour) {
        Terraform terraform = open(colour);
        terraform.initOnce(backend(colour));
        Outputs outputs = terraform.outputs();
        return outputs.isEmpty() ? Optional.empty() : Optional.of(environment(colour, outputs));
    }

    @Override
    public void scaleDown(Colour colour) {
        throw new UnsupportedOperationException("not by this module");
    }

    @Override
    public void destroy(Colour colour) {
        Terraform terraform = open(colour);
        terraform.init(backend(colour));
        Outputs outputs = terraform.outputs();
        refuseOther(colour, outputs);
        // Terraform wants a value for every variable, even to remove what was made with another one.
        terraform.destroy(variables(colour, outputs.text("app_version").orElse("none")));
    }

    private CheckFailed unhealthy(Environment applied, String complaint, Outputs outputs) {
        String log = outputs.text("log").orElse("the log of the application");
        return new CheckFailed(
                applied.colour() + " at version " + applied.version() + " is not healthy after "
                        + config.health().within().toSeconds() + " s: " + healthAddress(applied) + " gave " + complaint
                        + ".",
                "Read " + log + ", remove the cause and run it again.");
    }

    /**
     * Starts anew what should run and does not. Terraform does not see that a process has died: its plan is clean then.
     * One that is only slow gets all the time that a new one would get, as users may be on it.
     */
    private void revive(Terraform terraform, Colour colour, String version, Outputs outputs, HealthCheck health) {
        List<String> restart = outputs.texts("restart");
        if (restart.isEmpty()) {
            return;
        }
        Optional<String> complaint = health.complaint(HICCUP);
        if (complaint.isPresent() && !complaint.get().equals(HealthCheck.NOBODY)) {
            complaint = health.complaint(config.health().within());
        }
        complaint.ifPresent(answer -> {
            progress.accept(colour + ": nothing has changed, but it gives " + answer + ": it is started anew");
            change(terraform, variables(colour, version), restart);
        });
    }

    private static boolean change(Terraform terraform, Map<String, String> variables, List<String> replace) {
        try (Plan plan = terraform.plan(variables, replace)) {
            if (!plan.isEmpty()) {
                terraform.apply(plan);
            }
            return !plan.isEmpty();
        }
    }

    private Terraform open(Colour colour) {
        return new Terraform(
                config.terraform(),
                folder.resolve(".pitstop/terraform").resolve(colour.toString()),
                environment,
                new Limits(config.timeout(), GRACE, LOCK),
                line -> progress.accept(colour + ": " + line));
    }

    private Map<String, String> backend(Colour colour) {
        // The path of the local backend. Terraform takes it as relative to the module, which applications may share.
        boolean local =
                Set.of("path", "workspace_dir").containsAll(config.backend().keySet());
        Map<String, String> settings = new HashMap<>();
        config.backend().forEach((key, value) -> {
            String filled = value.replace("{colour}", colour.toString()).replace("{application}", application);
            settings.put(key, local ? folder.resolve(filled).toString() : filled);
        });
        return settings;
    }

    private Map<String, String> variables(Colour colour, String version) {
        Map<String, String> variables = new HashMap<>(config.variables());
        variables.put("application", application);
        variables.put("colour", colour.toString());
        variables.put("app_version", version);
        return variables;
    }

    private Environment environment(Colour colour, Outputs outputs) {
        refuseOther(colour, outputs);
        return new Environment(colour, output(outputs, "app_version"), URI.create(output(outputs, "url")));
    }

    private String output(Outputs outputs, String name) {
        return outputs.text(name)
                .orElseThrow(() -> new InvalidConfig(
                        config.terraform() + " has no output " + name + ".",
                        "Add the output " + name + " to the module."));
    }

    private void refuseOther(Colour colour, Outputs outputs) {
        outputs.text("colour").filter(found -> !found.equals(colour.toString())).ifPresent(found -> {
            throw new MoveRefused(
                    "The state for " + colour + " holds the environment of " + found + ".",
                    "Make environments.backend name a state of its own for each colour.");
        });
    }

    private URI healthAddress(Environment applied) {
        return URI.create(
                applied.url().toString().replaceAll("/$", "") + config.health().path());
    }
}
