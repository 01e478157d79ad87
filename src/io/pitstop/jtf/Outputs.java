package io.pitstop.jtf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The outputs of a root module. Values leave by the getters only: a log or an exception never shows them. */
public final class Outputs {
    private final Map<String, JsonNode> outputs = new TreeMap<>();

    /** @param json as {@code terraform output -json} prints it */
    Outputs(JsonNode json) {
        json.properties().forEach(output -> outputs.put(output.getKey(), output.getValue()));
    }

    /** True if nothing was applied, or all of it destroyed. */
    public boolean isEmpty() {
        return outputs.isEmpty();
    }

    /** Returns a string, number or bool as text; empty if there is no such output, or if it is null or a collection. */
    public Optional<String> text(String name) {
        return value(name)
                .filter(value -> value.isValueNode() && !value.isNull())
                .map(JsonNode::asText);
    }

    /** Returns the items of a list of strings; empty if there is no such output. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        value(name).ifPresent(value -> value.forEach(item -> texts.add(item.asText())));
        return texts;
    }

    private Optional<JsonNode> value(String name) {
        return Optional.ofNullable(outputs.get(name)).map(output -> output.path("value"));
    }

    /** The names, without values. */
    @Override
    public String toString() {
        return "outputs " + outputs.keySet();
    }
}
