package io.pitstop.jtf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Terraform has to say about a problem. The snippet that comes with it is left out: it may quote our variables.
 *
 * @param address resource it is about; empty if it is about none
 * @param file file it is about, relative to the module; empty if it is about none
 * @param line line in {@code file}, from 1
 */
record Diagnostic(boolean error, String summary, String detail, String address, String file, int line) {
    static Diagnostic of(JsonNode json) {
        JsonNode range = json.path("range");
        return new Diagnostic(
                json.path("severity").asText().equals("error"),
                json.path("summary").asText().strip(),
                json.path("detail").asText().strip(),
                json.path("address").asText(),
                range.path("filename").asText(),
                range.path("start").path("line").asInt());
    }

    /** True if it points at the module's own text rather than at something outside. */
    boolean isAboutTheModule() {
        return address.isEmpty() && !file.isEmpty();
    }

    /** The first group of {@code pattern} in the detail. */
    Optional<String> find(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(detail);
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }

    String text() {
        return detail.isEmpty() ? summary : summary + ": " + detail;
    }
}
