package io.pitstop.jtf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The texts in a plan that Terraform marks as sensitive somewhere. A mark may get lost on the way from one resource to the
 * next ({@code terraform_data} has none on its output), but the text is the same.
 */
final class Secrets {
    /** What is shorter is found in too many texts by chance, and a number, such as that of an account, in every ARN. */
    private static final Pattern TELLING_PART = Pattern.compile("(?s)(?!\\d+$).{6,}");

    private final Set<String> texts = new HashSet<>();

    /** @param plan as {@code terraform show -json} prints it */
    Secrets(JsonNode plan) {
        JsonNode declared = plan.path("configuration").path("root_module").path("variables");
        plan.path("variables").properties().forEach(variable -> {
            if (declared.path(variable.getKey()).path("sensitive").asBoolean()) {
                addAll(variable.getValue().path("value"));
            }
        });
        plan.path("resource_changes").forEach(resource -> collectChange(resource.path("change")));
        plan.path("output_changes").forEach(this::collectChange);
    }

    /** True if {@code value} is such a text, or has a long one in it. */
    boolean isIn(JsonNode value) {
        String text = value.isTextual() ? value.asText() : value.toString();
        return texts.contains(text)
                || texts.stream()
                        .anyMatch(secret -> text.contains(secret)
                                && TELLING_PART.matcher(secret).matches());
    }

    private void collectChange(JsonNode change) {
        collect(change.path("before"), change.path("before_sensitive"));
        collect(change.path("after"), change.path("after_sensitive"));
    }

    private void collect(JsonNode value, JsonNode sensitive) {
        if (sensitive.isBoolean()) {
            if (sensitive.asBoolean()) {
                addAll(value);
            }
        } else if (sensitive.isObject()) {
            sensitive.properties().forEach(entry -> collect(value.path(entry.getKey()), entry.getValue()));
        } else {
            for (int i = 0; i < sensitive.size(); i++) {
                collect(value.path(i), sensitive.path(i));
            }
        }
    }

    private void addAll(JsonNode value) {
        if (value.isContainerNode()) {
            value.forEach(this::addAll);
        } else if (value.isTextual() && !value.asText().isEmpty()) {
            texts.add(value.asText());
        }
    }
}
