package io.pitstop.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Terraform remembers: outputs and the attributes of resources. */
final class State {
    private final JsonNode json;

    State(String json) {
        try {
            this.json = new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An output, or one value of it, such as {@code output("target_groups", "blue")}. */
    String output(String name, String... keys) {
        JsonNode value = json.path("outputs").path(name).path("value");
        for (String key : keys) {
            value = value.path(key);
        }
        return value.asText();
    }

    /** Type and name of each resource that is managed, such as {@code aws_lb_listener.test}. */
    List<String> resources() {
        List<String> resources = new ArrayList<>();
        for (JsonNode resource : json.path("resources")) {
            if (resource.path("mode").asText().equals("managed")) {
                resources.add(resource.path("type").asText() + "."
                        + resource.path("name").asText());
            }
        }
        return resources;
    }

    /** For each resource that can have tags, such as {@code aws_lb_listener.test["blue"]}, what they are. */
    Map<String, JsonNode> tags() {
        Map<String, JsonNode> tags = new TreeMap<>();
        for (JsonNode resource : json.path("resources")) {
            for (JsonNode instance : resource.path("instances")) {
                if (resource.path("mode").asText().equals("managed")
                        && instance.path("attributes").has("tags_all")) {
                    String key = instance.has("index_key") ? "[" + instance.get("index_key") + "]" : "";
                    tags.put(
                            resource.path("type").asText() + "."
                                    + resource.path("name").asText() + key,
                            instance.path("attributes").path("tags_all"));
                }
            }
        }
        return tags;
    }
}
