package io.pitstop.environment;

import io.pitstop.config.EnvironmentsConfig;
import io.pitstop.error.CheckFailed;
import io.pitstop.error.InvalidConfig;
import io.pitstop.jtf.Action;
import io.pitstop.jtf.Change;
import io.pitstop.jtf.OutputChange;
import io.pitstop.jtf.Outputs;
import io.pitstop.jtf.Plan;
import java.util.LinkedHashMap;
import java.util.Map;

/** A saved plan of Terraform for one colour. */
final class PlannedApply implements Planned {
    private static final int MARK = 12;

    private final ColourModule module;
    private final EnvironmentsConfig config;
    private final Deployment deployment;
    private final Plan plan;

    PlannedApply(ColourModule module, EnvironmentsConfig config, Deployment deployment, Plan plan) {
        this.module = module;
        this.config = config;
        this.deployment = deployment;
        this.plan = plan;
    }

    @Override
    public Map<String, String> changes() {
        Map<String, String> changes = new LinkedHashMap<>();
        for (Change change : plan.changes()) {
            if (change.action() != Action.READ) {
                String mark = "sha256 " + change.fingerprint().substring(0, MARK);
                changes.put(
                        change.action() + " " + change.address(),
                        change.details().isEmpty() ? mark : change.details() + ", " + mark);
            }
        }
        for (OutputChange output : plan.outputs()) {
            changes.put(output.line(), output.before() + " -> " + output.after());
        }
        return changes;
    }

    @Override
    public Environment apply() {
        module.apply(plan);
        Outputs outputs = module.outputs();
        Environment applied = module.environment(outputs);
        if (!applied.version().equals(deployment.version())) {
            throw new InvalidConfig(
                    config.terraform() + " was applied with app_version " + deployment.version()
                            + " but its output app_version is " + applied.version() + ".",
                    "Make the output app_version the version that runs.");
        }
        HealthCheck health = new HealthCheck(module.healthAddress(applied));
        health.complaint(config.health().within()).ifPresent(complaint -> {
            throw unhealthy(applied, complaint, outputs);
        });
        return applied;
    }

    private CheckFailed unhealthy(Environment applied, String complaint, Outputs outputs) {
        String log = outputs.text("log").orElse("the log of the application");
        return new CheckFailed(
                applied.colour() + " at version " + applied.version() + " is not healthy after "
                        + config.health().within().toSeconds() + " s: " + module.healthAddress(applied) + " gave "
                        + complaint + ".",
                "Read " + log + ", remove the cause and run it again.");
    }

    @Override
    public void close() {
        plan.close();
    }
}
