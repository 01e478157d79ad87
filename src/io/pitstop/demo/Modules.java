package io.pitstop.demo;

import io.pitstop.jtf.Limits;
import io.pitstop.jtf.Outputs;
import io.pitstop.jtf.Plan;
import io.pitstop.jtf.Terraform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The root modules of a stage that no colour belongs to, each with a state below the stage's folder. */
final class Modules {
    private static final Limits LIMITS =
            new Limits(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofSeconds(10));

    private final Path home;
    private final Path states;
    private final Supplier<Map<String, String>> environment;

    /**
     * @param home clone of the repository
     * @param states folder for states and data
     * @param environment of the commands, and of what they start
     */
    Modules(Path home, Path states, Supplier<Map<String, String>> environment) {
        this.home = home;
        this.states = states;
        this.environment = environment;
    }

    /**
     * @param name of the state
     * @param module folder below the repository
     */
    Outputs apply(String name, String module, Map<String, String> variables) {
        Terraform terraform = open(name, module);
        try (Plan plan = terraform.plan(variables, List.of())) {
            terraform.apply(plan);
        }
        return terraform.outputs();
    }

    void destroy(String name, String module, Map<String, String> variables) {
        open(name, module).destroy(variables);
    }

    private Terraform open(String name, String module) {
        Terraform terraform =
                new Terraform(home.resolve(module), states.resolve(name), environment.get(), LIMITS, line -> {});
        terraform.init(Map.of("path", states.resolve(name + ".tfstate").toString()));
        return terraform;
    }
}
