package io.pitstop.cli.wiring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pitstop.cli.output.Json;
import io.pitstop.config.CloudWatchAlarmConfig;
import io.pitstop.config.CloudWatchMetricConfig;
import io.pitstop.config.DatabaseGateConfig;
import io.pitstop.config.GateConfig;
import io.pitstop.config.NotificationConfig;
import io.pitstop.config.PitstopConfig;
import io.pitstop.config.PrometheusConfig;
import io.pitstop.config.SmokeConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every setting under its name in pitstop.yml; what came from an environment variable shows as it is written there. */
public final class Settings {
    private final PitstopConfig config;
    private final Map<String, Setting> all = new LinkedHashMap<>();

    /** @param value what it is, which may be a secret */
    private record Setting(String shown, String value) {}

    public Settings(PitstopConfig config) {
        this.config = config;
        ObjectNode tree = Json.mapper().valueToTree(config);
        // In the file the settings of the router are below its kind.
        ObjectNode traffic = (ObjectNode) tree.get("traffic");
        traffic.set(config.traffic().router().kind().key(), traffic.remove("router"));
        // And the module's own are beside the others.
        if (traffic.remove("state") instanceof ObjectNode module) {
            traffic.setAll(module);
        }
        add("", tree);
    }

    /** One line each. */
    public List<String> lines() {
        return all.entrySet().stream()
                .map(setting -> "  %-36s %s"
                        .formatted(setting.getKey(), setting.getValue().shown()))
                .toList();
    }

    /** Those of one section, by their names; where a variable is in one, with a mark that changes with its value. */
    Map<String, String> marked(String section) {
        Map<String, String> marked = new LinkedHashMap<>();
        all.forEach((name, setting) -> {
            if (name.startsWith(section)) {
                marked.put(name, setting.shown() + (setting.shown().equals(setting.value()) ? "" : mark(setting)));
            }
        });
        return marked;
    }

    /** Of few bits: enough to see that the value is another one, too few to find it out. */
    private static String mark(Setting setting) {
        return " (variable, #%04x)".formatted(setting.value().hashCode() * 0x9E3779B1 >>> 16);
    }

    private void add(String path, JsonNode node) {
        if (node.isObject()) {
            String prefix = path.isEmpty() ? "" : path + ".";
            // In the file max and min stand beside what they are of.
            node.properties()
                    .forEach(entry ->
                            add(entry.getKey().equals("bounds") ? path : prefix + entry.getKey(), entry.getValue()));
        } else if (node.isArray() && node.size() > 0 && node.get(0).isObject()) {
            for (int i = 0; i < node.size(); i++) {
                add(path + "[" + i + "]" + kind(path, i), node.get(i));
            }
        } else if (!node.isNull()) {
            all.put(path, node.isArray() ? list(path, node) : new Setting(shown(path, node), node.asText()));
        }
    }

    private Setting list(String path, JsonNode list) {
        List<String> shown = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (JsonNode item : list) {
            shown.add(shown(path + "[" + shown.size() + "]", item));
            values.add(item.asText());
        }
        return new Setting(shown.toString(), values.toString());
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
                    case "notifications" -> config.notifications().get(item);
                    default -> "";
                };
        if (found instanceof SmokeConfig.Http || found instanceof GateConfig.Http) {
            return ".http";
        }
        if (found instanceof SmokeConfig.Load) {
            return ".load";
        }
        if (found instanceof DatabaseGateConfig) {
            return ".database";
        }
        if (found instanceof NotificationConfig someone) {
            return "." + someone.kind();
        }
        if (found instanceof PrometheusConfig) {
            return ".prometheus";
        }
        if (found instanceof CloudWatchAlarmConfig || found instanceof CloudWatchMetricConfig) {
            return ".cloudwatch";
        }
        return found instanceof GateConfig.Router ? ".router" : "";
    }
}
