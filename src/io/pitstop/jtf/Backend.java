package io.pitstop.jtf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the state lies, as the last init set it up.
 *
 * @param type such as {@code local} or {@code s3}
 * @param isLocked whether two commands at once would exclude each other
 */
public record Backend(String type, boolean isLocked) {
    /** True if only this machine has the state. */
    public boolean isOfOneMachine() {
        return type.equals("local");
    }

    /** Reads what Terraform notes in its data folder; empty before the first init. */
    static Optional<Backend> in(Path data) {
        Path file = data.resolve("terraform.tfstate");
        try {
            JsonNode backend = Files.exists(file)
                    ? new ObjectMapper().readTree(file.toFile()).path("backend")
                    : new ObjectMapper().createObjectNode();
            String type = backend.path("type").asText();
            return type.isEmpty() ? Optional.empty() : Optional.of(new Backend(type, isLocked(type, backend)));
        } catch (IOException unreadable) {
            return Optional.empty(); // Terraform itself will say what is wrong with it
        }
    }

    /** All backends of Terraform lock by themselves but this one, which has to be told to. */
    private static boolean isLocked(String type, JsonNode backend) {
        JsonNode settings = backend.path("config");
        return !type.equals("s3")
                || settings.path("use_lockfile").asBoolean()
                || !settings.path("dynamodb_table").asText().isEmpty();
    }
}
