package io.pitstop.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code environments} section of pitstop.yml.
 *
 * @param terraform folder of the root module that makes one colour, absolute
 * @param backend settings of its state backend, with {@code {colour}} where the two colours differ
 * @param variables values for the module's own variables; application, colour and app_version are added, and as
 *     environment variables running, release and initial_live
 * @param health how to tell that a colour can serve
 * @param timeout longest time that one Terraform command may take
 * @param idle what becomes of the old colour's compute when the old schema goes
 */
public record EnvironmentsConfig(
        Path terraform,
        Map<String, String> backend,
        Map<String, String> variables,
        Health health,
        Duration timeout,
        Idle idle) {
    /**
     * The health check of a colour.
     *
     * @param path answers 200 when the colour can serve
     * @param within how long it may take from applied to healthy
     */
    public record Health(String path, Duration within) {}

    /** What contract does with the old colour's compute before it drops what only that needs. */
    public enum Idle {
        /** Leave it to the operator; contract refuses while it has sessions in the database. */
        KEEP,
        /** Let nothing run any more but keep all else, so that it could be brought back quickly. */
        SCALE_DOWN,
        /** Remove it. */
        DESTROY
    }

    /** What the module gets from Pitstop itself. */
    private static final List<String> OURS =
            List.of("application", "colour", "app_version", "running", "release", "initial_live");

    static EnvironmentsConfig from(Section section, Path folder) {
        Map<String, String> backend = section.findSection("backend")
                .map(Section::texts)
                .orElse(Map.of("path", ".pitstop/terraform/{colour}.tfstate"));
        if (backend.values().stream().noneMatch(value -> value.contains("{colour}"))) {
            throw section.invalid(
                    "backend",
                    section.path("backend") + " gives both colours the same state.",
                    "Put {colour} in its key or path.");
        }
        Section health = section.findSection("health")
                .orElseThrow(() -> section.invalid(
                        section.path("health") + " is missing: a colour without a health check cannot get traffic.",
                        "Add health: { path: /health } below environments."));
        String path = health.text("path");
        if (!path.startsWith("/")) {
            throw health.invalidValue("path", "Begin it with a slash.");
        }
        EnvironmentsConfig config = new EnvironmentsConfig(
                folder.resolve(section.text("terraform")),
                new LinkedHashMap<>(backend),
                section.findSection("variables")
                        .map(EnvironmentsConfig::variables)
                        .orElse(Map.of()),
                new Health(path, health.duration("within", Duration.ofMinutes(1))),
                section.duration("timeout", Duration.ofMinutes(15)),
                section.find("idle", Choice.of(Idle.class), "keep, scale-down or destroy")
                        .orElse(Idle.KEEP));
        health.end();
        section.end();
        return config;
    }

    private static Map<String, String> variables(Section section) {
        Map<String, String> variables = section.texts();
        OURS.stream().filter(variables::containsKey).findFirst().ifPresent(name -> {
            throw section.invalid(
                    name,
                    section.path(name) + " is given to the module by Pitstop, for each colour and release.",
                    "Take it out.");
        });
        return variables;
    }
}
