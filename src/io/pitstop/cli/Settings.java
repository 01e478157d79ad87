package io.pitstop.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pitstop.config.GateConfig;
import io.pitstop.config.PitstopConfig;
import io.pitstop.config.SmokeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Every setting under its name in pitstop.yml; what came from an environment variable shows as it is written there. */
final class Settings {
    private final PitstopConfig config;
    private final List<String> lines = new ArrayList<>();

    Settings(PitstopConfig config) {
        this.config = config;
    }

    /** One line each. */
    List<String> lines() {
        lines.clear();
        add("", Json.mapper().valueToTree(config));
        return List.copyOf(lines);
    }

    private void add(String path, JsonNode node) {
        if (node.isObject()) {
            String prefix = path.isEmpty() ? "" : path + ".";
            node.properties().forEach(entry -> add(prefix + entry.getKey(), entry.getValue()));
        } else if (node.isArray() && node.size() > 0 && node.get(0).isObject()) {
            for (int i = 0; i < node.size(); i++) {
                add(path + "[" + i + "]" + kind(path, i), node.get(i));
            }
        } else if (!node.isNull()) {
            lines.add("  %-36s %s".formatted(path, node.isArray() ? items(path, node) : shown(path, node)));
        }
    }

    private List<String> items(String path, JsonNode list) {
        return IntStream.range(0, list.size())
                .mapToObj(i -> shown(path + "[" + i + "]", list.get(i)))
                .toList();
    }

    private String shown(String path, JsonNode value) {
        return config.asWritten().at(path).orElseGet(value::asText);
    }

    /** The key below which the file has the settings of one item. */
    private String kind(String path, int item) {
        Object found =
                switch (path) {
                    case "smoke" -> config.smoke().get(item);
                    case "gates" -> config.gates().get(item);
                    default -> "";
                };
        if (found instanceof SmokeConfig.Http || found instanceof GateConfig.Http) {
            return ".http";
        }
        if (found instanceof SmokeConfig.Load) {
            return ".load";
        }
        return found instanceof GateConfig.Router ? ".router" : "";
    }
}
