package io.pitstop.jtf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.Set;

/**
 * One line of Terraform's machine-readable output, format "ui" 1.x (developer.hashicorp.com/terraform/internals).
 *
 * @param type such as {@code planned_change}
 * @param json the whole line
 */
record Event(String type, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PROGRESS = Set.of(
            "change_summary",
            "apply_start",
            "apply_progress",
            "apply_complete",
            "apply_errored",
            "provision_progress",
            "state_lock_acquire");

    /** Empty for a line that is not an event: init prints some that are not JSON at all. */
    static Optional<Event> parse(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(line);
            return Optional.of(new Event(json.path("type").asText(), json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** What to show to somebody who waits; empty if the event is of no interest. */
    Optional<String> progress() {
        String message = json.path("@message").asText();
        boolean echoesTheCommand = json.path("hook").path("output").asText().contains("Executing: ");
        return PROGRESS.contains(type) && !echoesTheCommand ? Optional.of(message) : Optional.empty();
    }

    Optional<Diagnostic> diagnostic() {
        return json.has("diagnostic") ? Optional.of(Diagnostic.of(json.path("diagnostic"))) : Optional.empty();
    }
}
