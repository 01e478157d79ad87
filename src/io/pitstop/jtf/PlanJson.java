package io.pitstop.jtf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code terraform show -json} says of a saved plan, format 1.x, without what is sensitive. */
final class PlanJson {
    private final JsonNode plan;
    private final Secrets secrets;

    PlanJson(JsonNode plan) {
        this.plan = plan;
        this.secrets = new Secrets(plan);
    }

    /** The resources that something happens to, in the order in which Terraform names them. */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (JsonNode resource : plan.path("resource_changes")) {
            Action action = action(resource);
            if (action != Action.NO_OP) {
                // What an interrupted replacement left behind goes under the address of what took its place.
                String left = resource.has("deposed")
                        ? " (left over " + resource.path("deposed").asText() + ")"
                        : "";
                changes.add(new Change(
                        resource.path("address").asText() + left,
                        resource.path("type").asText(),
                        action,
                        attributes(resource.path("change"))));
            }
        }
        return changes;
    }

    List<OutputChange> outputs() {
        List<OutputChange> outputs = new ArrayList<>();
        plan.path("output_changes").properties().forEach(output -> {
            JsonNode change = output.getValue();
            Action action = Action.of(change.path("actions"));
            if (action != Action.NO_OP) {
                boolean sensitive = hasTrue(change.path("before_sensitive")) || hasTrue(change.path("after_sensitive"));
                Value after = hasTrue(change.path("after_unknown")) ? Value.UNKNOWN : told(change.path("after"), false);
                outputs.add(new OutputChange(
                        output.getKey(),
                        action,
                        told(change.path("before"), sensitive),
                        sensitive ? Value.SENSITIVE : after));
            }
        });
        return outputs;
    }

    /** The values of the declared variables that are plain and not sensitive, those by default too. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        JsonNode declared = plan.path("configuration").path("root_module").path("variables");
        plan.path("variables").properties().forEach(variable -> {
            JsonNode value = variable.getValue().path("value");
            boolean sensitive =
                    declared.path(variable.getKey()).path("sensitive").asBoolean();
            if (declared.has(variable.getKey()) && value.isValueNode() && !value.isNull() && !sensitive) {
                variables.put(variable.getKey(), value.asText());
            }
        });
        return variables;
    }

    private static Action action(JsonNode resource) {
        Action action = Action.of(resource.path("change").path("actions"));
        if (action != Action.NO_OP) {
            return action;
        }
        if (resource.path("change").has("importing")) {
            return Action.IMPORT;
        }
        return resource.has("previous_address") ? Action.MOVE : Action.NO_OP;
    }

    private List<Attribute> attributes(JsonNode change) {
        List<String> forcing = new ArrayList<>();
        change.path("replace_paths").forEach(path -> forcing.add(path(path)));
        List<Attribute> attributes = new ArrayList<>();
        Walk walk = new Walk(forcing, attributes);
        walk.on(
                "",
                change.path("before"),
                change.path("after"),
                change.path("after_unknown"),
                change.path("before_sensitive"),
                change.path("after_sensitive"));
        return attributes;
    }

    private static String path(JsonNode steps) {
        String path = "";
        for (JsonNode step : steps) {
            path = step.isNumber() ? item(path, step.asInt()) : field(path, step.asText());
        }
        return path;
    }

    private static String field(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String item(String path, int index) {
        return path + "[" + index + "]";
    }

    private static boolean hasTrue(JsonNode marks) {
        if (marks.isBoolean()) {
            return marks.asBoolean();
        }
        for (JsonNode mark : marks) {
            if (hasTrue(mark)) {
                return true;
            }
        }
        return false;
    }

    private Value told(JsonNode value, boolean sensitive) {
        if (value.isNull() || value.isMissingNode()) {
            return Value.NONE;
        }
        return sensitive || secrets.isIn(value) ? Value.SENSITIVE : Value.of(value);
    }

    /** Goes through a resource as it is, as it will be, and what is marked in both, side by side. */
    private final class Walk {
        private final List<String> forcing;
        private final List<Attribute> found;

        Walk(List<String> forcing, List<Attribute> found) {
            this.forcing = forcing;
            this.found = found;
        }

        void on(
                String path,
                JsonNode before,
                JsonNode after,
                JsonNode unknown,
                JsonNode secretBefore,
                JsonNode secretAfter) {
            boolean unknownAsAWhole = unknown.isBoolean() && unknown.asBoolean();
            boolean secretAsAWhole = secretBefore.isBoolean() && secretBefore.asBoolean()
                    || secretAfter.isBoolean() && secretAfter.asBoolean();
            if (unknownAsAWhole
                    || secretAsAWhole
                    || !before.isContainerNode() && !after.isContainerNode() && unknown.isEmpty()) {
                boolean sensitive = secretAsAWhole || hasTrue(secretBefore);
                Value now = unknownAsAWhole ? Value.UNKNOWN : told(after, sensitive);
                add(path, told(before, sensitive), now, unknownAsAWhole || !same(before, after));
                return;
            }
            Set<String> names = new LinkedHashSet<>();
            List.of(before, after, unknown).forEach(node -> node.fieldNames().forEachRemaining(names::add));
            for (String name : names) {
                on(
                        field(path, name),
                        before.path(name),
                        after.path(name),
                        unknown.path(name),
                        secretBefore.path(name),
                        secretAfter.path(name));
            }
            int items = Math.max(size(before), Math.max(size(after), size(unknown)));
            for (int i = 0; i < items; i++) {
                on(
                        item(path, i),
                        before.path(i),
                        after.path(i),
                        unknown.path(i),
                        secretBefore.path(i),
                        secretAfter.path(i));
            }
            if (names.isEmpty() && items == 0 && !same(before, after)) {
                add(path, told(before, false), told(after, false), true);
            }
        }

        private void add(String path, Value before, Value after, boolean changed) {
            if (before != Value.NONE || after != Value.NONE) {
                boolean forces = forcing.stream()
                        .anyMatch(force ->
                                path.equals(force) || path.startsWith(force + ".") || path.startsWith(force + "["));
                found.add(new Attribute(path, before, after, changed, forces));
            }
        }

        private static int size(JsonNode node) {
            return node.isArray() ? node.size() : 0;
        }

        private static boolean same(JsonNode before, JsonNode after) {
            JsonNode none = MissingNode.getInstance();
            return (before.isNull() ? none : before).equals(after.isNull() ? none : after);
        }
    }
}
