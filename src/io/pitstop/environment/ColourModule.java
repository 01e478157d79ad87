package io.pitstop.environment;

import io.pitstop.config.EnvironmentsConfig;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.MoveRefused;
import io.pitstop.jtf.Outputs;
import io.pitstop.jtf.Plan;
import io.pitstop.jtf.Terraform;
import io.pitstop.release.Colour;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The root module of the environments with the state of one colour. */
final class ColourModule {
    private final Colour colour;
    private final EnvironmentsConfig config;
    private final PlanGuard guard;
    private final Map<String, String> values;
    private final Function<Map<String, String>, Terraform> terraform;
    private final Consumer<String> progress;

    /**
     * @param values of the variables that every module declares, but for the version
     * @param terraform runs with some values as TF_VAR_…, which a module need not declare
     */
    ColourModule(
            Colour colour,
            EnvironmentsConfig config,
            PlanGuard guard,
            Map<String, String> values,
            Function<Map<String, String>, Terraform> terraform,
            Consumer<String> progress) {
        this.colour = colour;
        this.config = config;
        this.guard = guard;
        this.values = values;
        this.terraform = terraform;
        this.progress = progress;
    }

    /** What the state says, after an init. */
    Outputs init(Map<String, String> backend) {
        Terraform plain = terraform.apply(Map.of());
        plain.init(backend);
        return checked(plain.outputs());
    }

    /** What the state says, with an init only if there was none. */
    Outputs initOnce(Map<String, String> backend) {
        Terraform plain = terraform.apply(Map.of());
        plain.initOnce(backend);
        return checked(plain.outputs());
    }

    /** True if the state holds anything, also without outputs; after an init. */
    boolean hasResources() {
        return terraform.apply(Map.of()).hasResources();
    }

    Outputs outputs() {
        return checked(terraform.apply(Map.of()).outputs());
    }

    /**
     * A plan that was shown and found safe.
     *
     * @param optional values of variables that the module need not declare
     * @param replace addresses of what to make anew
     */
    Plan plan(String version, Map<String, String> optional, List<String> replace) {
        return safe(terraform.apply(optional).plan(variables(version), replace), optional);
    }

    /** A plan to remove everything, likewise. */
    Plan planDestroy(String version, Map<String, String> optional) {
        // Terraform wants a value for every variable, even to remove what was made with another one.
        return safe(terraform.apply(optional).planDestroy(variables(version)), Map.of());
    }

    void apply(Plan plan) {
        if (!plan.isEmpty()) {
            terraform.apply(Map.of()).apply(plan);
        }
    }

    Environment environment(Outputs outputs) {
        return new Environment(colour, output(outputs, "app_version"), URI.create(output(outputs, "url")));
    }

    URI healthAddress(Environment environment) {
        return URI.create(environment.url().toString().replaceAll("/$", "")
                + config.health().path());
    }

    private Plan safe(Plan plan, Map<String, String> optional) {
        boolean safe = false;
        try {
            plan.lines().forEach(line -> progress.accept("plan: " + line));
            refuseOtherValues(plan, optional);
            guard.check(plan.changes());
            safe = true;
            return plan;
        } finally {
            if (!safe) {
                plan.close();
            }
        }
    }

    /** A file such as terraform.tfvars in the module wins over the environment. */
    private void refuseOtherValues(Plan plan, Map<String, String> optional) {
        optional.forEach((name, value) -> plan.variable(name)
                .filter(used -> !used.equals(value))
                .ifPresent(used -> {
                    throw new InvalidConfig(
                            config.terraform() + " takes " + used + " for its variable " + name + ", not the " + value
                                    + " that it is given.",
                            "Remove " + name + " from the module's .tfvars files.");
                }));
    }

    private Map<String, String> variables(String version) {
        Map<String, String> variables = new HashMap<>(config.variables());
        variables.putAll(values);
        variables.put("app_version", version);
        return variables;
    }

    private Outputs checked(Outputs outputs) {
        outputs.text("colour").filter(found -> !found.equals(colour.toString())).ifPresent(found -> {
            throw new MoveRefused(
                    "The state for " + colour + " holds the environment of " + found + ".",
                    "Make environments.backend name a state of its own for each colour.");
        });
        return outputs;
    }

    private String output(Outputs outputs, String name) {
        Optional<String> value = outputs.text(name);
        return value.orElseThrow(() -> new InvalidConfig(
                config.terraform() + " has no output " + name + ".", "Add the output " + name + " to the module."));
    }
}
