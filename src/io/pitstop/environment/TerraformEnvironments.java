package io.pitstop.environment;

import io.pitstop.config.EnvironmentsConfig;
import io.pitstop.config.PerColour;
import io.pitstop.database.Database;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.jtf.Limits;
import io.pitstop.jtf.Outputs;
import io.pitstop.jtf.Plan;
import io.pitstop.jtf.Terraform;
import io.pitstop.release.Colour;
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
 *
 * <p>Three more variables are optional: {@code running}, false to make no compute but keep all else; {@code release}, the
 * id of the release that brings the version, which comes back as the output {@code release}; and {@code initial_live}, the
 * colour that users are on.
 */
public final class TerraformEnvironments implements Environments {
    /** A state is locked for long only by another run; one that was killed leaves Terraform a moment to finish. */
    private static final Duration LOCK = Duration.ofSeconds(30);

    private static final Duration GRACE = Duration.ofMinutes(2);

    /** How long nobody may listen where a colour is to stay as it is, before it counts as dead. */
    private static final Duration HICCUP = Duration.ofSeconds(2);

    private final String application;
    private final EnvironmentsConfig config;
    private final PerColour targetGroups;
    private final Path folder;
    private final Map<String, String> environment;
    private final Consumer<String> progress;

    /** Where the router's target groups have the names that they have by default: application and colour. */
    public TerraformEnvironments(
            String application,
            EnvironmentsConfig config,
            Path folder,
            Map<String, String> environment,
            Consumer<String> progress) {
        this(
                application,
                config,
                new PerColour(application + "-blue", application + "-green"),
                folder,
                environment,
                progress);
    }

    /**
     * @param targetGroups names or ARNs, of which a colour's plan must not touch the other one
     * @param folder folder of pitstop.yml
     * @param environment environment variables for Terraform and for what it starts, which get all but our access to
     *     the database
     * @param progress gets what happens, line by line
     */
    public TerraformEnvironments(
            String application,
            EnvironmentsConfig config,
            PerColour targetGroups,
            Path folder,
            Map<String, String> environment,
            Consumer<String> progress) {
        this.application = application;
        this.config = config;
        this.targetGroups = targetGroups;
        this.folder = folder.toAbsolutePath().normalize();
        this.environment = Database.withoutAccess(environment);
        this.progress = progress;
    }

    @Override
    public Planned plan(Deployment deployment) {
        Colour colour = deployment.colour();
        ColourModule module = module(colour, deployment.live());
        Outputs outputs = module.init(backend(colour));
        Map<String, String> optional = new HashMap<>(Map.of("running", "true"));
        optional.put("initial_live", deployment.live().toString());
        if (!deployment.release().isEmpty()) {
            optional.put("release", deployment.release());
        }
        Plan plan = module.plan(deployment.version(), optional, List.of());
        List<String> restart = plan.isEmpty() ? dead(module, colour, outputs) : List.of();
        if (!restart.isEmpty()) {
            plan.close();
            plan = module.plan(deployment.version(), optional, restart);
        }
        return new PlannedApply(module, config, deployment, plan);
    }

    @Override
    public Optional<Environment> find(Colour colour) {
        ColourModule module = module(colour, colour.other());
        Outputs outputs = module.initOnce(backend(colour));
        return outputs.isEmpty() ? Optional.empty() : Optional.of(module.environment(outputs));
    }

    @Override
    public boolean isThere(Colour colour) {
        ColourModule module = module(colour, colour.other());
        return !module.initOnce(backend(colour)).isEmpty() || module.hasResources();
    }

    @Override
    public void scaleDown(Colour colour) {
        ColourModule module = module(colour, colour.other());
        Outputs outputs = module.init(backend(colour));
        if (outputs.isEmpty()) {
            refuseRemains(module, colour);
            return;
        }
        Environment present = module.environment(outputs);
        Map<String, String> optional = new HashMap<>(Map.of("running", "false"));
        optional.put("initial_live", colour.other().toString());
        outputs.text("release").ifPresent(release -> optional.put("release", release));
        try (Plan plan = module.plan(present.version(), optional, List.of())) {
            module.apply(plan);
        }
        HealthCheck health = new HealthCheck(module.healthAddress(present));
        if (!health.ends(config.health().within())) {
            throw new InvalidConfig(
                    config.terraform() + " was applied with running = false, but " + colour + " still answers at "
                            + module.healthAddress(present) + ": it does not heed the variable running.",
                    "Make no compute in the module where var.running is false, or choose another environments.idle.");
        }
    }

    /** Without outputs nobody knows which version it is, so that nothing can be planned but its end. */
    private void refuseRemains(ColourModule module, Colour colour) {
        if (module.hasResources()) {
            throw new MoveRefused(
                    "The state of " + colour
                            + " holds resources but no outputs: its removal, or its first start, did not"
                            + " come to an end. It cannot be scaled down.",
                    "Remove the rest by terraform destroy with the state of " + colour
                            + ", or with environments.idle: destroy, then run this again.");
        }
    }

    @Override
    public void destroy(Colour colour) {
        ColourModule module = module(colour, colour.other());
        Outputs outputs = module.init(backend(colour));
        Map<String, String> optional = Map.of("initial_live", colour.other().toString());
        try (Plan plan = module.planDestroy(outputs.text("app_version").orElse("none"), optional)) {
            module.apply(plan);
        }
    }

    /**
     * What to start anew because it should run and does not. Terraform does not see that a process has died: its plan is
     * clean then. One that is only slow gets all the time that a new one would get, as users may be on it.
     */
    private List<String> dead(ColourModule module, Colour colour, Outputs outputs) {
        List<String> restart = outputs.texts("restart");
        if (restart.isEmpty()) {
            return restart;
        }
        HealthCheck health = new HealthCheck(module.healthAddress(module.environment(outputs)));
        Optional<String> complaint = health.complaint(HICCUP);
        if (complaint.isPresent() && !complaint.get().equals(HealthCheck.NOBODY)) {
            complaint = health.complaint(config.health().within());
        }
        complaint.ifPresent(answer ->
                progress.accept(colour + ": nothing has changed, but it gives " + answer + ": it is started anew"));
        return complaint.isPresent() ? restart : List.of();
    }

    private ColourModule module(Colour colour, Colour live) {
        String others = colour == Colour.BLUE ? targetGroups.green() : targetGroups.blue();
        return new ColourModule(
                colour,
                config,
                new PlanGuard(colour, live, others),
                Map.of("application", application, "colour", colour.toString()),
                optional -> open(colour, optional),
                line -> progress.accept(colour + ": " + line));
    }

    private Terraform open(Colour colour, Map<String, String> optional) {
        Map<String, String> variables = new HashMap<>(environment);
        optional.forEach((name, value) -> variables.put("TF_VAR_" + name, value));
        return new Terraform(
                config.terraform(),
                folder.resolve(".pitstop/terraform").resolve(colour.toString()),
                variables,
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
}
