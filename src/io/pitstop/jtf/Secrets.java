package io.pitstop.jtf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The values in a plan that Terraform marks as sensitive somewhere. A mark may get lost on the way from one resource to the
 * next ({@code terraform_data} has none on its output), but the value is the same.
 *
 * <p>Where one stands alone it is known, however short; as a part of a longer text only if it is long enough not to be there
 * by chance, or one letter would hide the whole plan.
 */
final class Secrets {
    /** What is shorter is found in too many texts by chance, and a number, such as that of an account, in every ARN. */
    private static final Pattern TELLING_PART = Pattern.compile("(?s)(?!\\d+$).{6,}");

    /** Of fewer digits there are too many in any plan: counts, ports, percentages. */
    private static final int TELLING_DIGITS = 4;

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

    /** True if {@code value} or anything in it is such a value, or has a long one in it. */
    boolean isIn(JsonNode value) {
        if (value.isTextual()) {
            return texts.contains(value.asText()) || hasPart(value.asText());
        }
        if (value.isNumber()) {
            return isTelling(value) && texts.contains(value.asText());
        }
        // The names of its fields, too, may be made of one.
        return value.isContainerNode()
                && (hasPart(value.toString())
                        || StreamSupport.stream(value.spliterator(), false).anyMatch(this::isIn));
    }

    private boolean hasPart(String text) {
        return texts.stream()
                .anyMatch(secret ->
                        text.contains(secret) && TELLING_PART.matcher(secret).matches());
    }

    private static boolean isTelling(JsonNode number) {
        return number.asText().length() >= TELLING_DIGITS;
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
        } else if (value.isTextual() && !value.asText().isEmpty() || value.isNumber() && isTelling(value)) {
            texts.add(value.asText());
        }
    }
}
