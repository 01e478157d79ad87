package io.pitstop.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the Terraform module of what splits the traffic is: {@code traffic.terraform} and {@code traffic.backend}.
 *
 * @param terraform folder of the root module, absolute
 * @param backend settings of its state backend
 */
public record TrafficStateConfig(Path terraform, Map<String, String> backend) {
    /** Empty if the section names no module, because somebody else looks after the router. */
    static Optional<TrafficStateConfig> from(Section section, Path folder) {
        Optional<String> module = section.find("terraform", Optional::of, "a folder");
        Optional<Map<String, String>> backend = section.findSection("backend").map(Section::texts);
        if (module.isEmpty() && backend.isPresent()) {
            throw section.invalid(
                    "backend",
                    section.path("backend") + " is of a module that is not named.",
                    "Name the folder of the module as " + section.path("terraform") + ".");
        }
        return module.map(name -> new TrafficStateConfig(
                folder.resolve(name),
                new LinkedHashMap<>(backend.orElse(Map.of("path", ".pitstop/terraform/traffic.tfstate")))));
    }
}
